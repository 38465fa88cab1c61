import { createRaster } from '@noisy-pairs/imaging';
import type { PairCrop, PairSet } from '@noisy-pairs/scores';
import { createGenerator } from '../generator.ts';
import { completeOptions, type VtsOptions } from '../options.ts';
import { createVtsPairSource } from '../sources.ts';
import { openTextures } from '../textures/open-textures.ts';

/**
 * Pairs whose change is known, to test noise scores on: every second one is noisy, and its mask is
 * the cells of noise.
 * @throws as createVtsPairSource
 */
export async function vtsScoredPairs(options: VtsOptions): Promise<PairSet> {
  const complete = completeOptions(options);
  const { size, length, imageNoise, nuisance } = complete;
  const source = await createVtsPairSource(options);
  const generate = createGenerator(complete, await openTextures(complete));
  const window = { x: 0, y: 0, width: size, height: size };

  async function crop(index: number): Promise<PairCrop> {
    const [first, second] = [createRaster(size, size, 3), createRaster(size, size, 3)];
    const noisy = index % 2 === 1;
    await source.read(index, noisy, first.data, second.data);
    const change = new Uint8Array(size * size);
    if (noisy) generate(index, { noiseMask: change });
    const labels = change.map((value) => (value === 0 ? 0 : 1));
    const changedShare = labels.reduce((sum, label) => sum + label, 0) / labels.length;
    return { pair: index, window, first, second, change: labels, changedShare };
  }

  return {
    name: `VTS, r_img ${imageNoise}, ${nuisance ? 'with' : 'without'} nuisance of acquisition`,
    pairs: Array.from({ length }, (_, i) => ({
      name: `image ${i}`,
      place: `image ${i}`,
      width: size,
      height: size,
    })),
    async *crops(cut, pairs = Array.from({ length }, (_, i) => i)) {
      if (cut !== 0 && cut !== size)
        throw new Error(`VTS pairs: expected whole images of ${size} px, got crops of ${cut}`);
      for (const index of pairs) yield await crop(index);
    },
  };
}
