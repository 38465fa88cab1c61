import type { NamedTensors } from '@noisy-pairs/engine';
import type { Checkpoint } from './checkpoint-format.ts';

/** The position in a checkpoint of version 2. */
export interface Version2 {
  readonly version: 2;
  readonly step: number;
  readonly tailSum: number;
  readonly tailStd: number;
  readonly tailCount: number;
  /** Training and waiting for data, not apart. */
  readonly seconds: number;
  readonly settings: Checkpoint['settings'];
}

export const isVersion2 = (written: object): written is Version2 =>
  'version' in written && written.version === 2;

/**
 * A checkpoint of version 2 as version 3 has it: queues, which had no prefix, are under `queues/`,
 * velocities of `velocity/query/NAME` under `optimizer/velocity/NAME`.
 */
export function fromVersion2(
  tensors: NamedTensors,
  { step, tailSum, tailStd, tailCount, seconds, settings }: Version2,
): { tensors: NamedTensors; checkpoint: Checkpoint } {
  const sums = tailCount === 0 ? {} : { loss: tailSum, featureStd: tailStd };
  return {
    tensors: Object.fromEntries(
      Object.entries(tensors).map(([name, tensor]) => [nameNow(name), tensor]),
    ),
    checkpoint: {
      step,
      tail: { count: tailCount, sums },
      times: { training: seconds, waiting: 0, paused: 0 },
      settings,
    },
  };
}

function nameNow(name: string): string {
  if (name.startsWith('velocity/query/'))
    return name.replace('velocity/query/', 'optimizer/velocity/');
  const isQueue = !name.includes('/') && name !== 'queueClasses';
  return isQueue ? `queues/${name}` : name;
}
