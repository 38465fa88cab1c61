import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { disposeAll, within } from '@noisy-pairs/engine';
import { xview2Score, type XView2Result } from '@noisy-pairs/evaluation';
import { writeFileAtomic } from '@noisy-pairs/imaging';
import { writeJsonFile } from '../run/config-file.ts';
import { loadWeights, resnet } from '@noisy-pairs/models';
import { applySegmentation } from '@noisy-pairs/training';
import type { SourceSpec } from '@noisy-pairs/pairs';
import { stringify } from 'csv-stringify/sync';
import type { RunConfig } from '../config/run-config.ts';
import { kindOf } from '../data/data-config.ts';
import { readFinishedRun } from '../run/result/finished-run.ts';
import { addToScore } from './scored-batch.ts';
import { openTileMasks } from './tile-masks.ts';

export interface SubmissionOptions {
  /** Folder of a finished run on data that have a challenge. */
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

/**
 * A run's damage classes over whole tiles: each is predicted in crops of the run's size, side by
 * side, and put together. Writes masks as the challenge takes them, places.csv (which place has
 * which ID) and score.json.
 * @throws if the run is not finished, its data have no challenge, or the split has no tiles
 */
export async function submitRun({
  run,
  out,
  split,
  index,
  onProgress,
}: SubmissionOptions): Promise<Submission> {
  const { config } = readFinishedRun(run);
  const { data } = config;
  const { challenge } = kindOf(data);
  if (!challenge)
    throw new Error(`${run}: expected a run on data with a challenge, got one on ${data.kind}`);
  const { tileSize } = challenge;
  if (tileSize % data.size !== 0)
    throw new Error(`${run}: expected crops that fill ${tileSize} px, got ${data.size} px`);
  const tiles = await challenge.open(data, split, index);

  await mkdir(out, { recursive: true });
  const score = xview2Score();
  const places: (readonly [id: string, place: string])[] = [];
  const masks = openTileMasks(tileSize, data.size);
  await predict(run, config, tiles.source, async (truth, prediction) => {
    addToScore(score, truth, prediction);
    for (const mask of masks.add(prediction)) {
      places.push(await tiles.write(out, places.length, mask));
      onProgress?.(places.length, tiles.length);
    }
  });
  const result = score.result();
  await writeFileAtomic(join(out, 'places.csv'), stringify([['id', 'place'], ...places]));
  await writeJsonFile(join(out, 'score.json'), result);
  return { tiles: places.length, score: result };
}

/** Predicts a source by a run's damage head, batch by batch. */
async function predict(
  run: string,
  { encoder, normalise, precision, kind, head }: RunConfig,
  source: SourceSpec,
  onPredicted: (truth: Uint8Array, prediction: Uint8Array) => Promise<void>,
): Promise<void> {
  // An encoder that was trained along lies with the head.
  const frozen = kind === 'random' || (kind === 'pretrained' && head.mode === 'frozen');
  const trained = await loadWeights(join(run, 'damage', 'segmentation.safetensors'));
  const saved = frozen ? await loadWeights(join(run, 'encoder.safetensors')) : undefined;
  const weights = saved && {
    params: within('params', saved.tensors),
    stats: within('stats', saved.tensors),
  };
  try {
    await applySegmentation({
      encoder: resnet(encoder),
      ...(weights ? { weights } : {}),
      trained: trained.tensors,
      normalise,
      precision,
      source,
      onPredicted,
    });
  } finally {
    disposeAll(trained.tensors);
    if (saved) disposeAll(saved.tensors);
  }
}
