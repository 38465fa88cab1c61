import { mkdtempSync, readdirSync, readFileSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRaster, readImage, writePng, Random } from '@noisy-pairs/imaging';
import {
  openPairLoader,
  openSource,
  plainViews,
  type LabelledSource,
  type PairSource,
} from '@noisy-pairs/pairs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { XbdPair } from '../index/index-file.ts';
import { indexXbd } from '../index/index-xbd.ts';
import { holdOutEvents, officialSplit, randomSplit } from '../index/splits.ts';
import { damageMask } from '../labels/damage-mask.ts';
import { openMaskCache } from '../labels/mask-cache.ts';
import { parseLabel } from '../labels/parse-label.ts';
import { writeSampleSet } from '../sample/sample-set.ts';
import { cropPairs, type Crop } from './crops.ts';
import { xbdBuildings, xbdDamage } from './labelled-source.ts';
import { xbdPairs } from './pair-source.ts';

const temporary = () => mkdtempSync(join(tmpdir(), 'xbd-'));
const root = temporary();
const size = 64;
let pairs: XbdPair[];
let crops: readonly Crop[];
beforeAll(async () => {
  await writeSampleSet({ out: root, tiles: 12, seed: 5, size: 256, layout: 'png' });
  ({ pairs } = await indexXbd(root));
  ({ crops } = await cropPairs(root, pairs, openMaskCache(), { size }));
}, 60_000);

const windowOf = async (file: string, { x, y }: Crop['window']) => {
  const { data, width } = await readImage(join(root, file));
  return Uint8Array.from(
    { length: size * size * 3 },
    (_, i) => data[((y + Math.floor(i / 3 / size)) * width + x) * 3 + (i % (size * 3))] as number,
  );
};

describe('crops', () => {
  it('are tagged by a slow count over the official kind of mask', async () => {
    expect(crops.length).toBeGreaterThan(150);
    expect(new Set(crops.map(({ tag }) => tag))).toEqual(new Set(['clean', 'noisy', 'unknown']));
    for (const {
      pair,
      window: { x, y },
      counts,
      nodata,
      noise,
      tag,
    } of crops) {
      const { postLabel, pre, post } = pairs[pair] as XbdPair;
      const mask = damageMask(
        parseLabel(readFileSync(join(root, postLabel), 'utf8')).buildings,
        256,
        256,
      );
      const inside = Array.from(
        { length: size * size },
        (_, i) => (y + Math.floor(i / size)) * 256 + x + (i % size),
      );
      const values = inside.map((i) => mask.data[i] as number);
      const damaged = values.filter((v) => v >= 2 && v <= 4).length;
      const unknown = values.filter((v) => v === 255).length;
      const intact = values.filter((v) => v === 1).length;
      expect(counts).toEqual({
        pixels: size * size,
        building: damaged + unknown + intact,
        damaged,
        unknown,
      });
      expect(noise).toBe(damaged === 0 ? 0 : damaged / (damaged + intact));
      expect(tag).toBe(damaged > 0 ? 'noisy' : unknown > 0 ? 'unknown' : 'clean');
      if (pair < 2) {
        const [before, after] = await Promise.all(
          [pre, post].map((file) => readImage(join(root, file))),
        );
        const black = (data: Uint8Array, i: number) =>
          data[3 * i] === 0 && data[3 * i + 1] === 0 && data[3 * i + 2] === 0;
        expect(nodata).toBe(
          inside.filter((i) => before && after && (black(before.data, i) || black(after.data, i)))
            .length / inside.length,
        );
      }
    }
  });

  it('by other measures, ranges and limits, what is refused being counted', async () => {
    const some = pairs.slice(0, 4);
    const all = await cropPairs(root, some, openMaskCache(), { size, mostNodata: 1 });
    const strict = await cropPairs(root, some, openMaskCache(), {
      size,
      mostNodata: 0,
      leastBuildingPixels: 50,
    });
    expect(strict.crops.length + strict.refused.nodata + strict.refused.fewBuildings).toBe(
      all.crops.length,
    );
    expect(strict.crops.every(({ counts, nodata }) => counts.building >= 50 && nodata === 0)).toBe(
      true,
    );
    const pixels = await cropPairs(root, some, openMaskCache(), {
      size,
      mostNodata: 1,
      measure: 'pixels',
      noisyFrom: 0.05,
      noisyTo: 0.1,
    });
    for (const { noise, counts, tag } of pixels.crops) {
      expect(noise).toBe(counts.damaged / counts.pixels);
      expect(tag === 'noisy').toBe(noise >= 0.05 && noise <= 0.1);
      expect(tag === 'other').toBe(counts.damaged > 0 && tag !== 'noisy');
    }
    const buildings = await cropPairs(root, some, openMaskCache(), {
      size: 256,
      mostNodata: 1,
      measure: 'buildings',
    });
    expect(buildings.crops.map(({ noise }) => noise)).toEqual(
      some.map(({ buildings: b }) => b['minor-damage'] + b['major-damage'] + b.destroyed),
    );
    expect(
      (await cropPairs(root, some, openMaskCache(), { size, stride: 32, mostNodata: 1 })).crops
        .length,
    ).toBe(4 * 7 * 7);
    await expect(cropPairs(root, some, openMaskCache(), { size: 0 })).rejects.toThrow(
      'crops: size: expected a positive whole number, got 0',
    );
    await expect(cropPairs(root, some, openMaskCache(), { size, noisyFrom: 0 })).rejects.toThrow(
      'crops: noisyFrom: expected a number above 0, got 0',
    );
    await expect(cropPairs(root, some, openMaskCache(), { size, mostNodata: 2 })).rejects.toThrow(
      'crops: mostNodata: expected a share in 0..1, got 2',
    );
  });

  it('from cached masks are the same', async () => {
    const folder = join(temporary(), 'masks');
    const first = await cropPairs(root, pairs, openMaskCache(folder), { size });
    const made = readdirSync(folder, { recursive: true }).filter((name) =>
      String(name).endsWith('.png'),
    );
    expect(made.length).toBe(2 * pairs.length);
    expect(await cropPairs(root, pairs, openMaskCache(folder), { size })).toEqual(first);
    expect(first.crops).toEqual(crops);
  });
});

describe('pairs', () => {
  const read = async (source: PairSource, index: number, noisy: boolean) => {
    const [first, second] = [new Uint8Array(size * size * 3), new Uint8Array(size * size * 3)];
    await source.read(index, noisy, first, second);
    return { first, second };
  };
  /** The crop whose pixels these are. */
  const cropOf = async (first: Uint8Array, second: Uint8Array, among: readonly Crop[]) => {
    for (const crop of among) {
      const { pre, post } = pairs[crop.pair] as XbdPair;
      if (
        Buffer.from(await windowOf(pre, crop.window)).equals(first) &&
        Buffer.from(await windowOf(post, crop.window)).equals(second)
      )
        return crop;
    }
    return undefined;
  };

  it('are crops at one place before and after; noisy ones have damage, clean none', async () => {
    const source = await openSource<PairSource>(
      xbdPairs({ root, pairs, crops, policy: 'sorted', seed: 1 }),
    );
    const count = (tag: string) => crops.filter((crop) => crop.tag === tag).length;
    expect(source).toMatchObject({
      name: 'xBD pre-post',
      size,
      length: Math.max(count('clean'), count('noisy')),
    });
    for (const noisy of [false, true]) {
      for (const index of [0, 5, source.length - 1]) {
        const { first, second } = await read(source, index, noisy);
        expect(
          (
            await cropOf(
              first,
              second,
              crops.filter(({ tag }) => tag === (noisy ? 'noisy' : 'clean')),
            )
          )?.tag,
        ).toBe(noisy ? 'noisy' : 'clean');
      }
    }
    await expect(read(source, source.length, false)).rejects.toThrow(
      `expected an index in 0..${source.length - 1}, got ${source.length}`,
    );
  });

  it('natural ones are all crops, once each', async () => {
    const some = crops.slice(0, 12);
    const source = await openSource<PairSource>(
      xbdPairs({ root, pairs, crops: some, policy: 'natural', seed: 2 }),
    );
    expect(source.length).toBe(12);
    const found = await Promise.all(
      Array.from({ length: 12 }, async (_, i) => {
        const { first, second } = await read(source, i, false);
        return cropOf(first, second, some);
      }),
    );
    expect(new Set(found).size).toBe(12);
    await expect(read(source, 0, true)).rejects.toThrow('expected noisyShare 0 with natural pairs');
  });

  it('as controls are one image twice', async () => {
    for (const [pairing, side] of [
      ['pre-pre', 'pre'],
      ['post-post', 'post'],
    ] as const) {
      const [crop] = crops;
      if (!crop) throw new Error('expected a crop');
      const { first, second } = await read(
        await openSource<PairSource>(
          xbdPairs({ root, pairs, crops: [crop], policy: 'natural', pairing, seed: 0 }),
        ),
        0,
        false,
      );
      expect(first).toEqual(second);
      expect(first).toEqual(await windowOf((pairs[crop.pair] as XbdPair)[side], crop.window));
    }
  });

  it('go through the loader, the same from worker threads as without', async () => {
    const batches = await Promise.all(
      [0, 2].map(async (workers) => {
        const loader = await openPairLoader({
          source: xbdPairs({ root, pairs, crops, policy: 'sorted', seed: 1 }),
          batchSize: 4,
          noisyShare: 0.5,
          views: plainViews(32),
          seed: 5,
          workers,
          startStep: 0,
          steps: 3,
        });
        const seen: string[] = [];
        for (let batch = await loader.next(); batch; batch = await loader.next()) {
          seen.push(
            Buffer.from(batch.first).toString('base64') +
              Buffer.from(batch.second).toString('base64') +
              batch.noisy.join(),
          );
          batch.release();
        }
        await loader.close();
        return seen;
      }),
    );
    expect(batches[0]?.length).toBe(3);
    expect(batches[1]).toEqual(batches[0]);
  });

  it('say which kind is missing', () => {
    expect(() =>
      xbdPairs({
        root,
        pairs,
        crops: crops.filter(({ tag }) => tag !== 'noisy'),
        policy: 'sorted',
        seed: 0,
      }),
    ).toThrow(/xBD pairs: expected noisy crops, got none among \d+ crops/);
    expect(() => xbdPairs({ root, pairs, crops: [], policy: 'natural', seed: 0 })).toThrow(
      'expected crops, got none',
    );
  });

  it('stop at a file that broke after it was indexed, naming it', async () => {
    const other = temporary();
    await writeSampleSet({ out: other, tiles: 1, seed: 9, size: 128, layout: 'geotiff' });
    const index = await indexXbd(other);
    const list = await cropPairs(other, index.pairs, openMaskCache(), { size, mostNodata: 1 });
    const file = join(other, index.pairs[0]?.post ?? '');
    truncateSync(file, 50_000);
    const source = await openSource<PairSource>(
      xbdPairs({ root: other, pairs: index.pairs, crops: list.crops, policy: 'natural', seed: 0 }),
    );
    await expect(read(source, 0, false)).rejects.toThrow(file);
    await expect(read(source, 0, false)).rejects.toThrow(
      `${file}: expected a whole file, got one that is cut off`,
    );
  });

  it('of GeoTIFFs hold the pixels of the PNGs', async () => {
    const other = temporary();
    await writeSampleSet({ out: other, tiles: 1, seed: 9, size: 128, layout: 'both' });
    const index = await indexXbd(other);
    const sides = await Promise.all(
      index.pairs.map(async (pair) => {
        const { crops: list } = await cropPairs(other, [pair], openMaskCache(), {
          size,
          mostNodata: 1,
        });
        return read(
          await openSource<PairSource>(
            xbdPairs({ root: other, pairs: [pair], crops: list, policy: 'natural', seed: 0 }),
          ),
          2,
          false,
        );
      }),
    );
    expect(index.pairs.map(({ pre }) => pre.slice(-3)).sort()).toEqual(['png', 'tif']);
    expect(sides[0]).toEqual(sides[1]);
  });
});

it('buildings as a labelled source: un-classified ones too, nodata is ignored', async () => {
  const source = await openSource<LabelledSource>(xbdBuildings({ root, pairs, crops, size }));
  expect(source).toMatchObject({ size, length: crops.length, classes: ['background', 'building'] });
  const at = crops.findIndex(({ counts }) => counts.unknown > 0);
  const [image, mask] = [new Uint8Array(size * size * 3), new Uint8Array(size * size)];
  await source.read(at, image, mask);
  const { pair, window, counts } = crops[at] as Crop;
  expect(image).toEqual(await windowOf((pairs[pair] as XbdPair).pre, window));
  expect(mask.filter((v) => v === 1).length).toBe(counts.building);
  const padded = crops.findIndex(({ nodata }) => nodata > 0);
  if (padded >= 0) {
    await source.read(padded, image, mask);
    expect(mask.filter((v) => v === 255).length).toBe(
      Math.round((crops[padded] as Crop).nodata * size * size),
    );
  }
});

it('damage as a labelled source of two images: unknown and nodata are ignored', async () => {
  const source = await openSource<LabelledSource>(xbdDamage({ root, pairs, crops, size }));
  expect(source).toMatchObject({
    size,
    length: crops.length,
    images: 2,
    classes: ['background', 'no-damage', 'minor-damage', 'major-damage', 'destroyed'],
  });
  const at = crops.findIndex(({ counts, nodata }) => counts.unknown > 0 && nodata === 0);
  const [images, mask] = [new Uint8Array(2 * size * size * 3), new Uint8Array(size * size)];
  await source.read(at, images, mask);
  const { pair, window, counts } = crops[at] as Crop;
  const { pre, post } = pairs[pair] as XbdPair;
  expect(images).toEqual(
    Uint8Array.from([...(await windowOf(pre, window)), ...(await windowOf(post, window))]),
  );
  expect(mask.filter((v) => v === 255).length).toBe(counts.unknown);
  expect(mask.filter((v) => v >= 2 && v <= 4).length).toBe(counts.damaged);
});

it('splits: official, by event, by share; no pair in two, neighbours together', () => {
  expect(officialSplit(pairs, ['test']).every(({ split }) => split === 'test')).toBe(true);
  expect(() => officialSplit(pairs, ['tset'])).toThrow(/split: expected one of .*test.*, got tset/);
  const { rest, held } = holdOutEvents(pairs, ['synthetic-storm']);
  expect([
    rest.length + held.length,
    held.every(({ disaster }) => disaster === 'synthetic-storm'),
  ]).toEqual([pairs.length, true]);
  expect(() => holdOutEvents(pairs, ['synthetic-strom'])).toThrow('got synthetic-strom');

  const random = Random.from(0);
  const many = Array.from({ length: 2000 }, (_, i): XbdPair => ({
    ...(pairs[0] as XbdPair),
    stem: `e_${String(i).padStart(8, '0')}`,
    place: i % 5 === 0 ? null : [random.range(0, 1), random.range(0, 1)],
  }));
  const parts = randomSplit(many, [0.6, 0.2, 0.2], 1);
  expect(parts.flat().length).toBe(2000);
  expect(new Set(parts.flat()).size).toBe(2000);
  expect((parts[0]?.length ?? 0) / 2000).toBeCloseTo(0.6, 1);
  const cells = parts.map(
    (part) =>
      new Set(
        part.flatMap(({ place }) => (place ? [place.map((v) => Math.floor(v / 0.02)).join()] : [])),
      ),
  );
  for (const cell of cells[0] ?? [])
    expect([cells[1]?.has(cell), cells[2]?.has(cell)]).toEqual([false, false]);
  expect(randomSplit(many, [0.6, 0.2, 0.2], 1)).toEqual(parts);
  expect(randomSplit(many, [0.6, 0.2, 0.2], 2)).not.toEqual(parts);
  expect(randomSplit(many.slice(0, 100), [0.6], 1)[0]).toEqual(
    many.slice(0, 100).filter((pair) => parts[0]?.includes(pair)),
  );
  expect(() => randomSplit(many, [0.6, 0.6], 1)).toThrow(
    'shares: expected numbers from 0 that sum to at most 1, got 0.6, 0.6',
  );
});

it('thousands of crops of GeoTIFFs stream at constant memory', { timeout: 120_000 }, async () => {
  const other = temporary();
  await writeSampleSet({ out: other, tiles: 4, seed: 4, size: 512, layout: 'geotiff' });
  const index = await indexXbd(other);
  const list = await cropPairs(other, index.pairs, openMaskCache(), {
    size,
    stride: 32,
    mostNodata: 1,
  });
  const source = await openSource<PairSource>(
    xbdPairs({ root: other, pairs: index.pairs, crops: list.crops, policy: 'natural', seed: 0 }),
  );
  const [first, second] = [new Uint8Array(size * size * 3), new Uint8Array(size * size * 3)];
  const stream = async (count: number) => {
    for (let i = 0; i < count; i++) await source.read(i % source.length, false, first, second);
  };
  await stream(500);
  const before = process.memoryUsage.rss();
  await stream(2500);
  expect((process.memoryUsage.rss() - before) / 2 ** 20).toBeLessThan(64);
});

it('a mask cache holds a mask of another label apart', async () => {
  const folder = temporary();
  const label = join(folder, 'label.json');
  const cache = openMaskCache(join(folder, 'cache'));
  const { writeFileSync } = await import('node:fs');
  const write = (edge: number) => {
    writeFileSync(
      label,
      JSON.stringify({
        features: {
          xy: [
            {
              properties: { subtype: 'destroyed' },
              wkt: `POLYGON ((0 0, ${edge} 0, ${edge} ${edge}, 0 ${edge}))`,
            },
          ],
        },
      }),
    );
  };
  const count = async () => (await cache.damage(label, 16, 16)).data.filter((v) => v === 4).length;
  write(3);
  expect(await count()).toBe(16);
  write(4);
  expect(await count()).toBe(25);
  write(3);
  expect(await count()).toBe(16);
  await writePng(join(folder, 'a.png'), createRaster(4, 4, 3));
  await writePng(join(folder, 'b.png'), createRaster(5, 4, 3));
  await expect(cache.nodata(join(folder, 'a.png'), join(folder, 'b.png'))).rejects.toThrow(
    `${join(folder, 'b.png')}: expected 4 x 4 pixels as before, got 5 x 4`,
  );
});
