import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createBlockCache, gridOf, openTiff } from '@noisy-pairs/geo';
import { readImage, writePng } from '@noisy-pairs/imaging';
import { expect, it } from 'vitest';
import { compareTargets } from '../index/compare-targets.ts';
import { indexXbd } from '../index/index-xbd.ts';
import { writeSampleSet } from './sample-set.ts';

const temporary = () => mkdtempSync(join(tmpdir(), 'sample-'));
const program = (name: string, ...flags: string[]) =>
  execFileSync(
    process.execPath,
    [fileURLToPath(new URL(`../../dist/commands/${name}.js`, import.meta.url)), ...flags],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  );
const failing = (name: string, ...flags: string[]) => {
  try {
    program(name, ...flags);
  } catch (error) {
    return (error as { stderr: string }).stderr;
  }
  throw new Error('expected an error');
};

it(
  'the same seed writes the same bytes; everything is named synthetic',
  { timeout: 60_000 },
  async () => {
    const [one, two] = [temporary(), temporary()];
    for (const out of [one, two])
      await writeSampleSet({ out, tiles: 3, seed: 5, size: 128, layout: 'both' });
    const files = readdirSync(one, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(files.length).toBe(3 * (6 + 4));
    for (const { parentPath, name } of files) {
      expect(name).toMatch(/^synthetic-/);
      expect(readFileSync(join(parentPath.replace(one, two), name))).toEqual(
        readFileSync(join(parentPath, name)),
      );
    }
  },
);

it('controls: no damage at all, or damage in the labels that no image shows', async () => {
  const [shown, none, hidden] = [temporary(), temporary(), temporary()];
  const options = { tiles: 4, seed: 3, size: 128, layout: 'png' } as const;
  await writeSampleSet({ ...options, out: shown });
  await writeSampleSet({ ...options, out: none, damage: 0 });
  await writeSampleSet({ ...options, out: hidden, hideDamage: true });
  const labelled = (root: string, damage: string) =>
    filesOf(root, 'post_disaster.json').some((file) =>
      readFileSync(join(root, file), 'utf8').includes(`"subtype":"${damage}"`),
    );
  expect(labelled(shown, 'destroyed')).toBe(true);
  for (const damage of ['minor-damage', 'major-damage', 'destroyed'])
    expect(labelled(none, damage)).toBe(false);
  for (const file of [...filesOf(shown, '.json'), ...filesOf(shown, 'pre_disaster.png')])
    expect(readFileSync(join(hidden, file))).toEqual(readFileSync(join(shown, file)));
  // the light after the disaster is a factor, and grain: what is left of roofs is in proportion
  const worstChange = async (root: string) => {
    let worst = 0;
    for (const file of filesOf(root, 'post_disaster.png')) {
      const before = (await readImage(join(root, file.replace('post', 'pre')))).data;
      const after = (await readImage(join(root, file))).data;
      const gain = median([...after].map((value, i) => value / (before[i] as number)));
      for (const [i, value] of after.entries())
        worst = Math.max(worst, Math.abs(value - gain * (before[i] as number)));
    }
    return worst;
  };
  expect(await worstChange(hidden)).toBeLessThan(90);
  expect(await worstChange(shown)).toBeGreaterThan(120);
  await expect(writeSampleSet({ ...options, out: none, damage: 2 })).rejects.toThrow(
    'damage: expected a share in 0..1, got 2',
  );
});

/** Files below a folder that end so. */
const filesOf = (root: string, end: string) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(end));

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[values.length >> 1] as number;

it("its GeoTIFFs are laid out as GDAL writes xBD's, and hold the PNGs' pixels", async () => {
  const out = temporary();
  await writeSampleSet({ out, tiles: 1, seed: 5, size: 128, layout: 'both' });
  const stem = 'synthetic-storm_00000000_post_disaster';
  const tiff = await openTiff(
    join(out, 'geotiffs', 'tier1', 'images', `${stem}.tif`),
    createBlockCache(0),
  );
  expect(tiff.structure).toMatchObject({
    width: 128,
    height: 128,
    samples: 3,
    array: Int16Array,
    compression: 1,
    photometric: 1,
    tiled: false,
    blockHeight: 1,
    nodata: -99,
  });
  const { data } = await readImage(join(out, 'train', 'images', `${stem}.png`));
  expect(Uint8Array.from(await tiff.read({ x: 0, y: 0, width: 128, height: 128 }))).toEqual(data);
  expect(gridOf(tiff, 'it')).toMatchObject({
    crs: 'EPSG:4326',
    origin: [-94.5, 37.06],
    resolution: [5e-6, -4e-6],
  });
});

it(
  'its targets are our masks with un-classified buildings as background; one that differs is found',
  { timeout: 60_000 },
  async () => {
    const out = temporary();
    await writeSampleSet({ out, tiles: 6, seed: 5, size: 256, layout: 'png' });
    const { pairs } = await indexXbd(out);
    const compared = await compareTargets(out, pairs);
    expect(compared.length).toBe(12); // before and after
    expect(compared.every(({ differing }) => differing === 0)).toBe(true);
    expect(compared.some(({ of }) => of > 100)).toBe(true);
    const [first] = compared;
    if (!first) throw new Error('expected a target');
    const target = await readImage(join(out, first.file));
    target.data[0] = 4;
    await writePng(join(out, first.file), target);
    expect((await compareTargets(out, pairs))[0]).toEqual({
      ...first,
      differing: 1,
      of: first.of + 1,
    });
  },
);

it(
  'xbd:index, xbd:preview and xbd:sample do their work, and fail on one line',
  { timeout: 120_000 },
  async () => {
    const out = temporary();
    expect(program('sample', '--out', out, '--tiles', '2', '--size', '128')).toBe(
      `2 synthetic places: ${out}\n`,
    );
    const index = join(out, 'index.json');
    const listed = program('index', '--root', out, '--out', index, '--targets');
    expect(listed).toContain('2 pairs; 0 places that are none, 0 problems in all, 0 files ignored');
    expect(listed).toMatch(/4 targets compared: 0 of \d+ building pixels differ/);
    expect(JSON.parse(program('index', '--root', out, '--json'))).toMatchObject({
      pairs: 2,
      unusable: 0,
      problems: 0,
    });
    const picture = join(out, 'pair.png');
    expect(
      program(
        'preview',
        '--root',
        out,
        '--pair',
        'synthetic-storm_00000000',
        '--out',
        picture,
        '--size',
        '64',
      ),
    ).toMatch(/^synthetic-storm_00000000: \d+ crops of 64 px/);
    expect(await readImage(picture)).toMatchObject({
      width: 3 * 128 + 16,
      height: 128,
      channels: 3,
    });
    expect(failing('preview', '--root', out, '--pair', 'nowhere', '--out', picture)).toMatch(
      /^xbd:preview: nowhere: expected one of 2 pairs below .*, got none of that name\n$/,
    );
    expect(failing('index', '--root', join(out, 'train', 'labels'))).toMatch(
      /^xbd:index: xBD: expected a folder images in .*\n$/,
    );
  },
);
