import type { Tree } from '../../tree/tree.ts';
import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '../../tensorflow.ts';

/**
 * The declaration of a step's input. A uint8 input is a float32 tensor of 0..255 to the step, at a
 * quarter of the cost of feeding it.
 */
export interface InputSpec<Shape extends readonly number[] = readonly number[]> {
  readonly shape: Shape;
  readonly dtype: 'float32' | 'int32' | 'uint8';
}

/** Declarations by path. */
export type SpecTree = Tree<InputSpec>;

/** An input's values: as many as its shape has; a number for a scalar. */
export type InputValue = Float32Array | Int32Array | Uint8Array | number;

/** The values that inputs declared so are given. */
export type ValuesOf<Specs> = Specs extends InputSpec
  ? InputValue
  : Specs extends object
    ? { readonly [K in keyof Specs]: ValuesOf<Specs[K]> }
    : Specs;

/** The tensors that inputs declared so are to a step, of the ranks that their shapes have. */
export type TensorsOf<Specs> =
  Specs extends InputSpec<infer Shape>
    ? Ranked<Shape['length']>
    : Specs extends object
      ? { readonly [K in keyof Specs]: TensorsOf<Specs[K]> }
      : Specs;

/** A tensor of a rank; of any where that is not known. */
export type Ranked<Length extends number> = Length extends keyof TensorsByRank
  ? TensorsByRank[Length]
  : Tensor;

interface TensorsByRank {
  readonly 0: Scalar;
  readonly 1: Tensor1D;
  readonly 2: Tensor2D;
  readonly 3: Tensor3D;
  readonly 4: Tensor4D;
}

const arrays = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array } as const;

/** @throws if the values are not what was declared */
export function checkedInput(
  name: string,
  { shape, dtype }: InputSpec,
  value: InputValue | undefined,
): Float32Array | Int32Array | Uint8Array {
  const size = shape.reduce((product, side) => product * side, 1);
  const data = typeof value === 'number' && shape.length === 0 ? arrays[dtype].of(value) : value;
  if (data instanceof arrays[dtype] && data.length === size) return data;
  throw new Error(
    `input ${name}: expected ${size} values of ${dtype} for shape [${shape.join(', ')}], got ` +
      described(data),
  );
}

function described(data: InputValue | undefined): string {
  if (data === undefined) return 'none';
  return typeof data === 'number' ? 'a number' : `${data.length} of ${data.constructor.name}`;
}

/** @throws if a name is superfluous */
export function checkNames(
  specs: Readonly<Record<string, InputSpec>>,
  values: Readonly<Record<string, unknown>>,
): void {
  const more = Object.keys(values).find((name) => !(name in specs));
  if (more === undefined) return;
  const expected = Object.keys(specs).join(', ') || 'no inputs';
  throw new Error(`input ${more}: expected only ${expected}, got it besides`);
}
