// Labels, the index and cached masks of xBD.
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeFileAtomic } from '@noisy-pairs/imaging';
import { built } from '../readers.mjs';

const { indexXbd, openMaskCache, readIndex, writeIndex, writeSampleSet } = await import(
  built('xbd/dist/index.js')
);
const { readLabel } = await import(built('xbd/dist/labels/label-text.js'));

const wkts = readFileSync(fileURLToPath(built('xbd/src/fixtures/wkt.jsonl')), 'utf8')
  .trim()
  .split('\n')
  .map(JSON.parse)
  .filter(({ polygons }) => polygons);

/** What the Python peer finds too: damages and rings of the buildings in pixels. */
const buildingsOf = ({ buildings }) =>
  buildings.map(({ damage = null, polygons }) => [
    damage,
    polygons.map((rings) => rings.map((ring) => [...ring])),
  ]);

async function labelsOf(folder) {
  const root = join(folder, 'sample');
  await writeSampleSet({ out: root, tiles: 3, size: 64, seed: 1, layout: 'png' });
  const all = await readdir(root, { recursive: true });
  return all.filter((name) => name.endsWith('_disaster.json')).map((name) => join(root, name));
}

export const readers = {
  label: {
    isText: true,
    python: 'label',
    samples: labelsOf,
    read: async (path) => buildingsOf(await readLabel(path)),
  },
  wkt: {
    isText: true,
    python: 'label',
    async samples(folder) {
      await mkdir(folder, { recursive: true });
      const paths = wkts.slice(0, 60).map((_, i) => join(folder, `${i}.json`));
      for (const [i, path] of paths.entries()) {
        const { wkt } = wkts[i];
        await writeFile(path, JSON.stringify({ features: { xy: [{ wkt, properties: {} }] } }));
      }
      return paths;
    },
    read: async (path) => buildingsOf(await readLabel(path)),
  },
  'xbd index': {
    isText: true,
    async samples(folder) {
      const root = join(folder, 'sample');
      await writeSampleSet({ out: root, tiles: 3, size: 64, seed: 1, layout: 'png' });
      const path = join(folder, 'index.json');
      await writeIndex(path, { ...(await indexXbd(root)), root: 'sample' });
      return [path];
    },
    read: readIndex,
    // all that is in it is taken as it is written
    peer: (bytes) => JSON.parse(new TextDecoder().decode(bytes)),
  },
  'mask cache': {
    /** The path is a cached mask's; what comes is to be the label's own mask again. */
    async samples(folder) {
      const [label] = await labelsOf(folder);
      const cache = join(folder, 'cache');
      await openMaskCache(cache).damage(label, 64, 64);
      const names = await readdir(cache, { recursive: true });
      const mask = names.find((name) => name.endsWith('.png'));
      await writeFileAtomic(join(folder, 'context.json'), JSON.stringify({ label, mask }));
      return [join(cache, mask)];
    },
    /** The sample itself lies in the cache of its folder. */
    async read(path) {
      const samples = join(dirname(path), 'samples of mask cache');
      const folder = existsSync(samples) ? samples : join(dirname(path), '../..');
      const { label, mask } = JSON.parse(readFileSync(join(folder, 'context.json'), 'utf8'));
      const cache = join(folder, 'cache');
      await writeFile(join(cache, mask), readFileSync(path));
      const made = await openMaskCache(cache).damage(label, 64, 64);
      return made.data;
    },
  },
};
