import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { backend } from '../../native.ts';

/** Numbers that a step's convolutions and products are computed in. */
export type Precision = 'float32' | 'bf16';

/**
 * Ops that run in bfloat16 when asked to: which inputs they take in it, and which outputs they give
 * in it. Variables, statistics, gradients of parameters and everything else stay float32. `follow`:
 * only where one of those inputs is bfloat16 already (what lies between convolutions).
 */
export const halfOps: Readonly<
  Record<
    string,
    {
      readonly inputs: readonly number[] | 'all';
      readonly outputs: readonly number[];
      readonly follow?: true;
    }
  >
> = {
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
  Slice: { inputs: [0], outputs: [0], follow: true },
  Add: { inputs: 'all', outputs: [0], follow: true },
  AddV2: { inputs: 'all', outputs: [0], follow: true },
  AddN: { inputs: 'all', outputs: [0], follow: true },
};

/**
 * The processor's instructions for bfloat16, as Linux names them: amx_bf16, avx512_bf16, or none of
 * them.
 */
export function bf16Instructions(
  cpuinfo = existsSync('/proc/cpuinfo') ? readFileSync('/proc/cpuinfo', 'utf8') : '',
): 'amx_bf16' | 'avx512_bf16' | undefined {
  const flags = new Set(/^flags\s*:(.*)$/m.exec(cpuinfo)?.[1]?.split(' '));
  return (['amx_bf16', 'avx512_bf16'] as const).find((flag) => flags.has(flag));
}

/** @throws if neither the processor nor a GPU multiplies in bfloat16 */
export function requireBf16(): void {
  if (!backend.isUsingGpuDevice && bf16Instructions() === undefined) {
    throw new Error(
      'precision bf16: expected a processor with AMX or AVX512-BF16, got ' +
        `${cpus()[0]?.model ?? 'an unknown one'}; use float32`,
    );
  }
}
