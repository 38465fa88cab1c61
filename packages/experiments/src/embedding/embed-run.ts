import { basename } from 'node:path';
import { disposeAll } from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import { importEncoder, resnet } from '@noisy-pairs/models';
import { featureMaps } from '@noisy-pairs/training';
import type { FinishedRunFolder } from '../run/finished-run.ts';
import { kindOf } from '../data/data-config.ts';
import { runEncoderFile } from '../run/run-encoder.ts';
import { trainedWords } from '../report/trained-words.ts';
import { embeddingPage, type Section } from './page.ts';
import { embeddingSections, type SectionsOptions } from './sections.ts';

export interface EmbedOptions extends Pick<SectionsOptions, 'neighbours' | 'onProgress'> {
  /** Folder of a finished run, and what is in it. */
  readonly run: string;
  readonly finished: FinishedRunFolder;
  /** Points a plot, as far as there are. */
  readonly points: number;
  /** Of what is drawn here: images, cells, the projection's start. */
  readonly seed: number;
}

/** The usual one: points of a group may lie close together. */
const minDistance = 0.1;

/**
 * UMAP of pooled and of pixel features of a run's encoder, coloured by class and by noise.
 * @returns one self-contained HTML page, and what is in it
 * @throws if the run's files or data are not there, or there are too few points
 */
export async function embedRun({
  run,
  finished: { config, result },
  points,
  neighbours,
  seed,
  onProgress,
}: EmbedOptions): Promise<{ html: string; sections: readonly Section[] }> {
  const kind = kindOf(config.data);
  const random = Random.from(seed).split('embedding');
  const images = await kind.images(config.data, config, points, random.split('images'));
  const encoder = resnet(config.encoder);
  const { normalise, precision } = config;
  const weights = await importEncoder(runEncoderFile(run), encoder);
  const sections = await embeddingSections({
    images,
    stride: encoder.outputStride,
    cells: points,
    neighbours,
    minDistance,
    random,
    maps: (sequence) => featureMaps({ encoder, weights, images: sequence, normalise, precision }),
    ...(onProgress ? { onProgress } : {}),
  }).finally(() => {
    disposeAll(weights.params);
    disposeAll(weights.stats);
  });

  const metric = kind.metric(config.data);
  const unseen =
    config.kind === 'pretrained' && config.head.mode === 'finetune'
      ? ' after fine-tuning, before which its encoder is seen here'
      : '';
  const html = embeddingPage({
    run: basename(run),
    recipe: config.recipe,
    trained: trainedWords(config),
    seedOfRun: config.seed,
    measured: metric ? `${metric.title} ${metric.of(result).toFixed(3)}${unseen}` : 'not measured',
    about: images.about,
    sections,
    neighbours,
    minDistance,
    seed,
    dimensions: encoder.channels,
    stride: encoder.outputStride,
  });
  return { html, sections };
}
