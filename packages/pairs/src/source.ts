/**
 * Pairs of square RGB images of one size. Pair i is a function of the source's own options and i
 * alone, whoever reads it and in whatever order. Pixels are uint8, height x width x 3.
 */
export interface PairSource {
  /** Its name in errors and logs. */
  readonly name: string;
  /** Edge in pixels. */
  readonly size: number;
  /** Number of pairs; each exists in a clean and in a noisy version. */
  readonly length: number;
  /**
   * Whether the same position is the same place in both images, as far as these agree. Default
   * true.
   */
  readonly sharedFrame?: boolean;
  /**
   * Writes pair `index` into two buffers of size * size * 3 bytes.
   * @param noisy which version: false gives a pair whose content agrees, true one whose second
   *   image is noisy
   */
  read(index: number, noisy: boolean, first: Uint8Array, second: Uint8Array): void | Promise<void>;
  /**
   * True classes, 0..254, of the first and the second image of pair `index` in that version; only
   * where they are known of every pair.
   */
  classesOf?(index: number, noisy: boolean): readonly [number, number];
}

/** Mask value of a pixel without a class: neither learned from nor scored. */
export const ignoreLabel = 255;

/** Square RGB images, or pairs of them, with a class id a pixel. */
export interface LabelledSource {
  readonly name: string;
  /** Edge in pixels. */
  readonly size: number;
  readonly length: number;
  /** Class names; a mask value is an index into it, or `ignoreLabel`. */
  readonly classes: readonly string[];
  /** Images under one mask: 1, or 2 of one place, before and after. Default 1. */
  readonly images?: 1 | 2;
  /**
   * Writes image `index` (size * size * 3 bytes, twice that for two images, one after the other)
   * and its mask (size * size bytes).
   */
  read(index: number, image: Uint8Array, mask: Uint8Array): void | Promise<void>;
}

/** Square RGB images, each of one class. */
export interface ClassifiedSource {
  readonly name: string;
  /** Edge in pixels. */
  readonly size: number;
  readonly length: number;
  /** Class names; a class id is an index into it. */
  readonly classes: readonly string[];
  /** Writes image `index` (size * size * 3 bytes). @returns its class id */
  read(index: number, image: Uint8Array): number | Promise<number>;
}

/**
 * Where to find a source, as plain data, so that a worker thread or another process can open it:
 * `(await import(module))[factory](options)` must return the source, or a promise of it.
 */
export interface SourceSpec {
  /** URL of an ES module. */
  readonly module: string;
  /** Name of the function it exports. */
  readonly factory: string;
  /** Its one argument; must survive structured cloning. */
  readonly options: unknown;
}

/** @throws if the module lacks the factory. */
export async function openSource<T extends PairSource | LabelledSource | ClassifiedSource>(
  spec: SourceSpec,
): Promise<T> {
  const module = (await import(spec.module)) as Record<string, unknown>;
  const factory = module[spec.factory];
  if (typeof factory !== 'function')
    throw new Error(
      `source: expected ${spec.module} to export a function ${spec.factory}, got ${typeof factory}`,
    );
  return await (factory as (options: unknown) => T | Promise<T>)(spec.options);
}
