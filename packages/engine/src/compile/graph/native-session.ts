import { createRequire } from 'node:module';
import type { Attribute } from '../../attributes.ts';
import { addonPath } from '../../prepare.ts';

/** An output of an op of a graph: the op's number, and which of its outputs. */
export type Output = readonly [op: number, output: number];

/** Values in JavaScript's memory, by TensorFlow's number of the type. */
export interface NativeTensor {
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly data: Uint8Array | Float32Array | Int32Array;
}

interface NativeOp {
  readonly op: number;
  /** By shape inference: unknown sides are -1, a shape of unknown rank null. */
  readonly outputs: readonly { readonly dtype: number; readonly shape: readonly number[] | null }[];
}

export interface NativeRun {
  readonly values: readonly {
    readonly dtype: number;
    readonly shape: readonly number[];
    readonly data: ArrayBuffer;
  }[];
  /** Milliseconds on process.hrtime()'s clock. */
  readonly started: number;
  readonly ended: number;
  /** A serialised RunMetadata, if asked for. */
  readonly statistics?: ArrayBuffer;
}

declare const graph: unique symbol;
/** A TensorFlow graph and its session, freed when nothing refers to it. */
export interface NativeGraph {
  readonly [graph]: true;
}

/** The addon native/functions.h; every function throws TensorFlow's message. */
interface SessionAddon {
  createGraph(config: Uint8Array): NativeGraph;
  closeGraph(graph: NativeGraph): void;
  opDef(graph: NativeGraph, type: string): ArrayBuffer;
  /** A serialised GraphDef. */
  graphDef(graph: NativeGraph): ArrayBuffer;
  /**
   * Has shape inference take the open sides of a value for these, from here on; the op itself stays
   * as it was declared.
   */
  assumeShape(graph: NativeGraph, value: Output, shape: readonly number[]): void;
  addOp(
    graph: NativeGraph,
    type: string,
    name: string,
    inputs: readonly (Output | readonly Output[])[],
    controls: readonly number[],
    attributes: readonly Attribute[],
  ): NativeOp;
  addConst(graph: NativeGraph, name: string, value: NativeTensor): NativeOp;
  /** Copies what is fed before it returns, and runs on another thread. */
  run(
    graph: NativeGraph,
    feeds: readonly ({ op: number; output: number } & NativeTensor)[],
    fetches: readonly Output[],
    targets: readonly number[],
    trace: boolean,
  ): Promise<NativeRun>;
}

export const native = createRequire(import.meta.url)(addonPath('session')) as SessionAddon;
