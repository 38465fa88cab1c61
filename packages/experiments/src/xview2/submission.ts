import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { disposeAll, within } from '@noisy-pairs/engine';
import { xview2Score, type XView2Result } from '@noisy-pairs/evaluation';
import { createRaster, writeFileAtomic } from '@noisy-pairs/imaging';
import { loadWeights, resnet } from '@noisy-pairs/models';
import { applySegmentation } from '@noisy-pairs/training';
import { officialSplit, readIndex, writeSubmission, xbdDamage } from '@noisy-pairs/xbd';
import { stringify } from 'csv-stringify/sync';
import { readFinishedRun } from '../run/finished-run.ts';
import { xbdCache } from '../data/run-data.ts';
import { addToScore } from './scored-batch.ts';

export interface SubmissionOptions {
  /** Folder of a finished run of a recipe on xBD. */
  readonly run: string;
  readonly out: string;
  /** Official split whose tiles are predicted. */
  readonly split: string;
  /** Another index than the run's. */
  readonly index?: string;
  readonly onProgress?: (tiles: number, of: number) => void;
}

export interface Submission {
  readonly tiles: number;
  /** By the tiles' labels, un-classified buildings and nodata left out. */
  readonly score: XView2Result;
}

/** Tiles have this edge, as the official scorer wants it. */
const edge = 1024;

/**
 * A run's damage classes over whole tiles: each is predicted in crops of the run's size, side by
 * side, and put together. A building is predicted where a damage class is. Writes
 * `SET_localization_ID_prediction.png`, `SET_damage_ID_prediction.png`, places.csv (which place has
 * which ID: the challenge's own where the files are the challenge's, the place in the index
 * otherwise) and score.json.
 * @throws if the run is not finished, not on xBD, or the split has no tiles
 */
export async function submitRun({
  run,
  out,
  split,
  index: file,
  onProgress,
}: SubmissionOptions): Promise<Submission> {
  const { config } = readFinishedRun(run);
  const { data } = config;
  if (data.kind !== 'xbd')
    throw new Error(`${run}: expected a run on xBD, got one on ${data.kind}`);
  if (edge % data.size !== 0)
    throw new Error(`${run}: expected crops that fill ${edge} px, got ${data.size} px`);

  const { root, pairs } = await readIndex(file ?? data.index);
  const tiles = officialSplit(pairs, [split]);
  const odd = tiles.find(({ width, height }) => width !== edge || height !== edge);
  if (odd)
    throw new Error(
      `${odd.stem}: expected a tile of ${edge} x ${edge} pixels, got ${odd.width} x ${odd.height}`,
    );
  const across = edge / data.size,
    perTile = across ** 2;
  const crops = tiles.flatMap((_, pair) =>
    Array.from({ length: perTile }, (__, i) => ({
      pair,
      window: {
        x: (i % across) * data.size,
        y: Math.floor(i / across) * data.size,
        width: data.size,
        height: data.size,
      },
    })),
  );

  const trained = await loadWeights(join(run, 'damage', 'segmentation.safetensors'));
  // An encoder that was trained along lies with the head.
  const frozen =
    config.kind === 'random' || (config.kind === 'pretrained' && config.head.mode === 'frozen');
  const saved = frozen ? await loadWeights(join(run, 'encoder.safetensors')) : undefined;
  const weights = saved && {
    params: within('params', saved.tensors),
    stats: within('stats', saved.tensors),
  };
  await mkdir(out, { recursive: true });
  const set = split === 'hold' ? 'hold' : 'test';
  const score = xview2Score();
  const places: [string, string][] = [];
  let mask = new Uint8Array(edge * edge),
    filled = 0;
  const finishTile = async () => {
    const tile = tiles[places.length];
    if (!tile) return;
    const id = /^(test|hold)_\d{5}$/.test(tile.stem)
      ? tile.id
      : String(places.length).padStart(5, '0');
    const raster = createRaster(edge, edge, 1, mask);
    await writeSubmission(out, set, id, raster, raster);
    places.push([id, tile.stem]);
    onProgress?.(places.length, tiles.length);
    mask = new Uint8Array(edge * edge);
    filled = 0;
  };
  try {
    await applySegmentation({
      encoder: resnet(config.encoder),
      ...(weights ? { weights } : {}),
      trained: trained.tensors,
      normalise: config.normalise,
      precision: config.precision,
      source: xbdDamage({
        root,
        pairs: tiles,
        crops,
        size: data.size,
        masks: join(xbdCache(), 'masks'),
      }),
      async onPredicted(truth, prediction) {
        const pixels = data.size ** 2;
        addToScore(score, truth, prediction);
        for (let from = 0; from < prediction.length; from += pixels) {
          const x = (filled % across) * data.size,
            y = Math.floor(filled / across) * data.size;
          for (let row = 0; row < data.size; row++)
            mask.set(
              prediction.subarray(from + row * data.size, from + (row + 1) * data.size),
              (y + row) * edge + x,
            );
          if (++filled === perTile) await finishTile();
        }
      },
    });
  } finally {
    disposeAll(trained.tensors);
    if (saved) disposeAll(saved.tensors);
  }
  const result = score.result();
  await writeFileAtomic(join(out, 'places.csv'), stringify([['id', 'place'], ...places]));
  await writeFileAtomic(join(out, 'score.json'), `${JSON.stringify(result, null, 2)}\n`);
  return { tiles: places.length, score: result };
}
