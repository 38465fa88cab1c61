import { vtsLabelled, vtsPairs, type VtsOptions } from '@noisy-pairs/vts';
import type { DataRun, RunData } from '../run-data.ts';
import type { VtsData } from './schema.ts';

/** Pairs and labelled images, drawn by the run's seed. */
export function openVts(
  { size, cells, textures, ...lengths }: VtsData,
  { imageNoise, seed, monitor }: DataRun,
): RunData {
  const vts = (split: string, length: number): VtsOptions => ({
    size,
    cells,
    imageNoise,
    seed,
    length,
    textures,
    split,
  });
  return {
    pairs: vtsPairs(vts('pretrain', lengths.pairs)),
    labelled: {
      labels: 'masks',
      train: vtsLabelled(vts('train', lengths.train)),
      test: vtsLabelled(vts('test', lengths.test)),
      monitor: {
        bank: vtsLabelled(vts('train', monitor.bank)),
        queries: vtsLabelled(vts('test', monitor.queries)),
      },
    },
  };
}
