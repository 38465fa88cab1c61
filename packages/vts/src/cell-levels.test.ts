import { expect, it } from 'vitest';
import { createGenerator } from './generator.ts';
import { completeOptions } from './options.ts';
import { openTextures } from './textures/open-textures.ts';
import type { TextureSet } from './textures/texture.ts';

const size = 64;
const cells = 12;
const options = completeOptions({ size, cells, imageNoise: 1 / 3, seed: 8, length: 1200 });

/** The slow way: each pixel's cell. */
function cellsOf(sites: Float64Array): Uint8Array {
  const owners = new Uint8Array(size * size);
  for (let y = 0, p = 0; y < size; y++)
    for (let x = 0; x < size; x++, p++) {
      let nearest = Infinity;
      for (let i = 0; i < cells; i++) {
        const dx = x + 0.5 - (sites[2 * i] as number);
        const dy = y + 0.5 - (sites[2 * i + 1] as number);
        const distance = dx * dx + dy * dy;
        if (distance < nearest) [nearest, owners[p]] = [distance, i];
      }
    }
  return owners;
}

const meanOf = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const deviationOf = (values: readonly number[], mean: number) =>
  Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)));

const withoutLevels = ({ classes, noiseClass, banks }: TextureSet): TextureSet => ({
  classes,
  noiseClass,
  banks,
});

interface Cell {
  readonly image: number;
  readonly cell: number;
  /** A class, or 2 for the noise. */
  readonly label: number;
  readonly mean: number;
  readonly deviation: number;
}

/** Cells of noisy images, with what is measured of their pixels. */
function measured(textures: TextureSet, images: number): Cell[] {
  const generate = createGenerator(options, textures);
  const noisy = new Uint8Array(3 * size * size);
  const found: Cell[] = [];
  for (let image = 0; image < images; image++) {
    const { sites, classes, noiseOrder, noisyCells } = generate(image, { noisy });
    const values = Array.from({ length: cells }, (): number[] => []);
    for (const [p, cell] of cellsOf(sites).entries()) values[cell]?.push(noisy[3 * p] ?? 0);
    const noise = new Set(noiseOrder.subarray(0, noisyCells));
    for (const [cell, own] of values.entries()) {
      if (own.length === 0) continue;
      const mean = meanOf(own);
      const label = noise.has(cell) ? 2 : (classes[cell] ?? 0);
      found.push({ image, cell, label, mean, deviation: deviationOf(own, mean) });
    }
  }
  return found;
}

/**
 * Share of cells told right by mean and deviation alone: a vote in each of 8 x 8 bins of equal
 * counts, learned on half of the images and measured on the others, as many cells of each label.
 */
function toldApart(all: readonly Cell[], a: number, b: number): { accuracy: number; n: number } {
  const balanced = (part: readonly Cell[]) => {
    const [ofA, ofB] = [a, b].map((label) => part.filter((cell) => cell.label === label));
    const n = Math.min(ofA?.length ?? 0, ofB?.length ?? 0);
    return [...(ofA ?? []).slice(0, n), ...(ofB ?? []).slice(0, n)];
  };
  const train = balanced(all.filter(({ image }) => image % 2 === 0));
  const test = balanced(all.filter(({ image }) => image % 2 === 1));
  const edges = (of: (cell: Cell) => number) => {
    const sorted = train.map(of).sort((x, y) => x - y);
    return [1, 2, 3, 4, 5, 6, 7].map((i) => sorted[Math.floor((i * sorted.length) / 8)] ?? 0);
  };
  const means = edges(({ mean }) => mean);
  const deviations = edges(({ deviation }) => deviation);
  const bin = ({ mean, deviation }: Cell) =>
    8 * means.filter((edge) => edge <= mean).length +
    deviations.filter((edge) => edge <= deviation).length;
  const votes = new Int32Array(64);
  for (const cell of train)
    votes[bin(cell)] = (votes[bin(cell)] ?? 0) + (cell.label === b ? 1 : -1);
  const right = test.filter((cell) => ((votes[bin(cell)] ?? 0) > 0 ? b : a) === cell.label);
  return { accuracy: right.length / test.length, n: test.length };
}

it("a cell's mean and deviation do not tell its class or noise; textures' own do", async () => {
  const textures = await openTextures(options);
  const brought = measured(textures, options.length);
  const own = measured(withoutLevels(textures), options.length);
  for (const [a, b, atLeast] of [
    [0, 1, 0.55],
    [0, 2, 0.66],
    [1, 2, 0.59],
  ] as const) {
    const { accuracy, n } = toldApart(brought, a, b);
    expect(n).toBeGreaterThan(4000);
    // three standard errors
    expect(Math.abs(accuracy - 0.5), `${a} and ${b}`).toBeLessThan(3 * Math.sqrt(0.25 / n));
    expect(toldApart(own, a, b).accuracy, `${a} and ${b}`).toBeGreaterThan(atLeast);
  }
});

it('brings each cell to the levels drawn for it, clean or noisy, by a slow loop', async () => {
  const textures = await openTextures(options);
  const draw = (set: TextureSet, index: number) => {
    const clean = new Uint8Array(3 * size * size);
    const noisy = new Uint8Array(3 * size * size);
    return { ...createGenerator(options, set)(index, { clean, noisy }), images: [clean, noisy] };
  };
  for (const index of [3, 4, 5]) {
    const { images, levels, sites } = draw(textures, index);
    const before = draw(withoutLevels(textures), index).images;
    const owners = cellsOf(sites);
    for (let cell = 0; cell < cells; cell++) {
      const at = [...owners.keys()].filter((p) => owners[p] === cell);
      const [mean = 0, deviation = 0] = [levels?.means[cell], levels?.deviations[cell]];
      expect(Math.abs(mean - 127.5)).toBeLessThanOrEqual(1);
      expect(Math.abs(deviation - 40)).toBeLessThanOrEqual(1);
      for (const [i, image] of images.entries()) {
        const values = at.map((p) => before[i]?.[3 * p] ?? 0);
        const own = meanOf(values);
        const gain = deviation / (deviationOf(values, own) || Infinity);
        for (const [k, p] of at.entries()) {
          const exact = mean + gain * ((values[k] ?? 0) - own);
          const bounded = Math.max(0, Math.min(255, exact));
          expect(Math.abs((image[3 * p] ?? 0) - bounded)).toBeLessThanOrEqual(0.5 + 1e-6);
        }
      }
    }
  }
});
