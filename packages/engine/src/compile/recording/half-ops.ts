import { types } from '../../attributes.ts';

/** How an op takes part in bfloat16. */
interface HalfOp {
  /** Inputs that it takes in bfloat16. */
  readonly inputs: readonly number[] | 'all';
  /** Outputs that it gives in bfloat16. */
  readonly outputs: readonly number[];
  /** Only where one of those inputs is bfloat16 already: what lies between convolutions. */
  readonly follow?: true;
}

/**
 * Ops that run in bfloat16 when asked to. Variables, statistics, gradients of parameters and
 * everything else stay float32.
 */
const halfOps: Readonly<Record<string, HalfOp>> = {
  Conv2D: { inputs: [0, 1], outputs: [0] },
  Conv2DBackpropInput: { inputs: [1, 2], outputs: [0] },
  Conv2DBackpropFilter: { inputs: [0, 2], outputs: [0] },
  MatMul: { inputs: [0, 1], outputs: [0] },
  FusedBatchNormV3: { inputs: [0], outputs: [0], follow: true },
  FusedBatchNormGradV3: { inputs: [0, 1], outputs: [0], follow: true },
  Relu: { inputs: [0], outputs: [0], follow: true },
  ReluGrad: { inputs: [0, 1], outputs: [0], follow: true },
  MaxPool: { inputs: [0], outputs: [0], follow: true },
  MaxPoolGrad: { inputs: [0, 1, 2], outputs: [0], follow: true },
  PadV2: { inputs: [0, 2], outputs: [0], follow: true },
  StridedSlice: { inputs: [0], outputs: [0], follow: true },
  Slice: { inputs: [0], outputs: [0], follow: true },
  Add: { inputs: 'all', outputs: [0], follow: true },
  AddV2: { inputs: 'all', outputs: [0], follow: true },
  AddN: { inputs: 'all', outputs: [0], follow: true },
};

/**
 * How this op runs in bfloat16, or undefined if it stays in float32.
 * @param inputs their types, and whether each is there in bfloat16 alone
 */
export function halfOp(
  type: string,
  inputs: readonly { readonly dtype: number; readonly isHalf: boolean }[],
): HalfOp | undefined {
  const op = halfOps[type];
  if (!op) return undefined;
  const taken = inputs.filter((_, i) => takesHalf(op, i));
  if (taken.some(({ dtype }) => dtype !== types.float32)) return undefined;
  if (op.follow && !taken.some(({ isHalf }) => isHalf)) return undefined;
  return op;
}

/** Whether the op takes its input `i` in bfloat16. */
export function takesHalf({ inputs }: HalfOp, i: number): boolean {
  return inputs === 'all' || inputs.includes(i);
}
