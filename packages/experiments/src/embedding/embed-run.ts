import { basename } from 'node:path';
import { disposeAll } from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import { importEncoder, resnet } from '@noisy-pairs/models';
import { featureMaps } from '@noisy-pairs/training';
import { kindOf } from '../data/data-config.ts';
import { trainedWords } from '../report/trained-words.ts';
import type { FinishedRunFolder } from '../run/result/finished-run.ts';
import { runEncoderFile } from '../run/run-encoder.ts';
import { embeddingPage, type Section } from './page/page.ts';
import { embeddingSections, type SectionsOptions } from './sections.ts';

export interface EmbedOptions extends Pick<SectionsOptions, 'neighbours' | 'onProgress'> {
  /** Folder of a finished run, and its files. */
  readonly run: string;
  readonly finished: FinishedRunFolder;
  /** Points a plot, as far as there are. */
  readonly points: number;
  /** Seed of all that is drawn: images, positions, the projection's start. */
  readonly seed: number;
}

/** UMAP's usual one: points of a group may lie close together. */
const minDistance = 0.1;

/**
 * UMAP of pooled and of pixel features of a run's encoder, coloured by class and by noise.
 * @returns one self-contained HTML page, and what is in it
 * @throws if the run's files or data are not there, or there are too few points
 */
export async function embedRun({
  run,
  finished,
  points,
  neighbours,
  seed,
  onProgress,
}: EmbedOptions): Promise<{ html: string; sections: readonly Section[] }> {
  const { config } = finished;
  const { data, normalise, precision } = config;
  const random = Random.from(seed).split('embedding');
  const images = await kindOf(data).images(data, config, points, random.split('images'));
  const encoder = resnet(config.encoder);
  const weights = await importEncoder(runEncoderFile(run), encoder);
  const { channels: dimensions, outputStride: stride, placement } = encoder;
  const sections = await embeddingSections({
    images,
    placement,
    positions: points,
    neighbours,
    minDistance,
    random,
    maps: (sequence) => featureMaps({ encoder, weights, images: sequence, normalise, precision }),
    ...(onProgress ? { onProgress } : {}),
  }).finally(() => {
    disposeAll(weights.params);
    disposeAll(weights.stats);
  });
  const html = embeddingPage({
    run: basename(run),
    recipe: config.recipe,
    trained: trainedWords(config),
    seedOfRun: config.seed,
    measured: measuredWords(finished),
    about: images.about,
    sections,
    neighbours,
    minDistance,
    seed,
    dimensions,
    stride,
  });
  return { html, sections };
}

function measuredWords({ config, result }: FinishedRunFolder): string {
  const metric = kindOf(config.data).metric(config.data);
  if (!metric) return 'not measured';
  const score = `${metric.title} ${metric.of(result).toFixed(3)}`;
  return config.kind === 'pretrained' && config.head.mode === 'finetune'
    ? `${score} after fine-tuning, before which its encoder is seen here`
    : score;
}
