import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { backend } from '../../native.ts';

/** Numbers that a step's convolutions and products are computed in. */
export type Precision = 'float32' | 'bf16';

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
