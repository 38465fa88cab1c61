import { hash } from 'node:crypto';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** A part of a split's name, e.g. both of `random.split('image', 12)`. */
export type SplitKey = string | number;

/** Everything needed to go on drawing where a generator stopped; JSON-safe. */
export interface RandomState {
  readonly key: string;
  readonly words: readonly number[];
}

const keyOf = (parent: string, path: readonly SplitKey[]) =>
  hash('sha256', JSON.stringify([parent, ...path])).slice(0, 32);

/**
 * Four 32-bit words of the key; xoroshiro must not start at all zeros, which a SHA-256 prefix is
 * not in practice.
 */
const wordsOf = (key: string) =>
  [0, 8, 16, 24].map((i) => Number.parseInt(key.slice(i, i + 8), 16) | 0);

/**
 * A seeded, splittable generator (xoroshiro128+ of pure-rand, seeded by SHA-256 of the path of
 * splits). A split depends on the seed and its path alone, never on what was drawn before: image i
 * of a data set is `Random.from(seed).split('image', i)`, whoever draws it and in whatever order.
 */
export class Random {
  readonly #key: string;
  readonly #generator: ReturnType<typeof xoroshiro128plus>;

  private constructor(key: string, words: readonly number[]) {
    this.#key = key;
    this.#generator = xoroshiro128plusFromState(words);
  }

  /** @throws if the seed is a number but not a safe whole one. */
  static from(seed: SplitKey): Random {
    if (typeof seed === 'number' && !Number.isSafeInteger(seed))
      throw new Error(`seed: expected a whole number, got ${seed}`);
    const key = keyOf('noisy-pairs', [seed]);
    return new Random(key, wordsOf(key));
  }

  /**
   * A generator of its own for the part of the work that `path` names; drawing from it leaves this
   * one untouched. Costs a hash, 1 to 2 microseconds: split per image or per sample, not per pixel.
   */
  split(...path: SplitKey[]): Random {
    const key = keyOf(this.#key, path);
    return new Random(key, wordsOf(key));
  }

  /** Where this generator stands; `Random.restore` goes on from there. */
  state(): RandomState {
    return { key: this.#key, words: [...this.#generator.getState()] };
  }

  static restore(state: RandomState): Random {
    return new Random(state.key, state.words);
  }

  /** Uniform in [0, 1), 53 bits. */
  uniform(): number {
    return uniformFloat64(this.#generator);
  }

  /** Uniform in [low, high). */
  range(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** Uniform in 0..n-1. @throws if n is not a positive whole number. */
  int(n: number): number {
    if (!Number.isInteger(n) || n < 1)
      throw new Error(`Random.int: expected a positive whole number, got ${n}`);
    return uniformInt(this.#generator, 0, n - 1);
  }

  /** True with the given probability. */
  bool(probability = 0.5): boolean {
    return this.uniform() < probability;
  }

  /**
   * Standard normal (Box and Muller 1958, the cosine branch: one value a call keeps the state
   * simple).
   */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Fisher-Yates, in place; returns its argument. */
  shuffle<T extends { [index: number]: unknown; length: number }>(items: T): T {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      const held = items[i];
      items[i] = items[j];
      items[j] = held;
    }
    return items;
  }

  /** 0..n-1 in random order. */
  permutation(n: number): Uint32Array {
    const items = new Uint32Array(n);
    for (let i = 0; i < n; i++) items[i] = i;
    return this.shuffle(items);
  }
}
