import { disposeAll } from '@noisy-pairs/engine';
import { importEncoder, resnet } from '@noisy-pairs/models';
import type { SweepConfig } from '../config/sweep-config.ts';

/** @throws if the weights to begin with do not fit the encoder of a panel */
export async function checkInit({ panels }: SweepConfig): Promise<void> {
  for (const { base } of panels) {
    if (!base.init) continue;
    const { params, stats } = await importEncoder(base.init.file, resnet(base.encoder));
    [params, stats].forEach(disposeAll);
  }
}
