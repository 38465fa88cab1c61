import { Random } from '@noisy-pairs/imaging';
import type { Crop, XbdPair } from '@noisy-pairs/xbd';
import { expect, test } from 'vitest';
import { choosePairs, xbdChoices } from './choices.ts';
import type { CropsOf } from './crops.ts';

const events = ['flood', 'storm', 'fire'];

/** 600 crops of six places; damaged ones hold more buildings than others, as in xBD. */
function madeUpCrops(damagedShare: number): CropsOf {
  const random = Random.from(4);
  const crops = Array.from({ length: 600 }, (_, i) => {
    const tag = random.bool(damagedShare) ? 'noisy' : random.bool(0.1) ? 'unknown' : 'clean';
    const building = Math.round(random.range(0, tag === 'noisy' ? 400 : 300));
    const window = { x: 32 * Math.floor(i / 6), y: 0, width: 32, height: 32 };
    return { pair: i % 6, window, counts: { building, pixels: 1024 }, tag } as unknown as Crop;
  });
  const pairs = Array.from({ length: 6 }, (_, i) => ({ disaster: events[i % 3] }) as XbdPair);
  return { pairs, crops, refused: { nodata: 0, fewBuildings: 0 } };
}

const all = madeUpCrops(0.2);
const choose = (name: string, from = all, seed = 1) => choosePairs(name, from, 300, seed);
const isDamaged = ({ tag }: Crop) => tag === 'noisy';

test('a damaged crop is clean and noisy in two choices, and so is its undamaged match', () => {
  const noisy = choose('damaged-noisy');
  expect(noisy.pairing).toBe('pre-post');
  expect(choose('damaged-clean')).toEqual({ ...noisy, pairing: 'pre-pre' });
  expect(noisy.crops.every(isDamaged)).toBe(true);
  expect(new Set(noisy.crops)).toEqual(new Set(all.crops.filter(isDamaged)));

  const control = choose('undamaged-noisy');
  expect(choose('undamaged-clean')).toEqual({ ...control, pairing: 'pre-pre' });
  expect(control.crops.every(({ tag }) => tag === 'clean')).toBe(true);
  expect(new Set(control.crops).size).toBe(noisy.crops.length);
  for (const [at, { pair }] of control.crops.entries())
    expect(pair % 3).toBe((noisy.crops[at]?.pair ?? NaN) % 3);
  expect(control.counts['sameEvent']).toBe(1);
  const unmatched = all.crops.filter(({ tag }) => tag === 'clean');
  const share = (crops: readonly Crop[]) =>
    crops.reduce((sum, { counts }) => sum + counts.building / counts.pixels, 0) / crops.length;
  const gap = Math.abs(share(control.crops) - share(noisy.crops));
  expect(gap).toBeLessThan(0.5 * Math.abs(share(unmatched) - share(noisy.crops)));
});

test('no more damaged crops are taken than there are undamaged ones to match them', () => {
  const mostly = madeUpCrops(0.8);
  const intact = mostly.crops.filter(({ tag }) => tag === 'clean').length;
  for (const name of ['damaged-noisy', 'undamaged-noisy'])
    expect(choose(name, mostly).crops.length).toBe(intact);
});

test('filter, random drop and exchange start from the same kept pairs', () => {
  const { crops: kept, counts } = choose('keep');
  const damaged = kept.filter(isDamaged).length;
  expect(damaged).toBeGreaterThan(30);
  expect(counts).toMatchObject({ pairs: 300, crops: 300, damagedShare: damaged / 300 });
  expect(choose('filter').crops).toEqual(kept.filter((crop) => !isDamaged(crop)));

  const dropped = choose('random-drop').crops;
  expect(dropped.length).toBe(300 - damaged);
  expect(dropped).toEqual(kept.filter((crop) => dropped.includes(crop)));
  expect(dropped.some(isDamaged)).toBe(true);

  const exchanged = choose('exchange').crops;
  expect(new Set(exchanged).size).toBe(300);
  for (const [at, crop] of kept.entries()) {
    if (!isDamaged(crop)) expect(exchanged[at]).toBe(crop);
    else expect(kept).not.toContain(exchanged[at]);
  }
  expect(exchanged.some(isDamaged)).toBe(false);
});

test('without damage there is nothing to find: all arms of the filter are one list', () => {
  const undamaged = madeUpCrops(0);
  const kept = choose('keep', undamaged);
  for (const name of ['filter', 'random-drop', 'exchange'])
    expect(choose(name, undamaged)).toEqual(kept);
  expect(() => choose('damaged-noisy', undamaged)).toThrow(
    /^choice damaged-noisy: expected damaged crops, .* got none: 0 of 600 crops are damaged/,
  );
});

test('a seed draws the same pairs again, another one others; an unknown choice is named', () => {
  for (const name of Object.keys(xbdChoices)) {
    expect(choose(name)).toEqual(choose(name));
    expect(choose(name, all, 2).crops).not.toEqual(choose(name).crops);
  }
  expect(() => choose('kept')).toThrow(/^choice: expected one of damaged-clean, .*, got kept$/);
});
