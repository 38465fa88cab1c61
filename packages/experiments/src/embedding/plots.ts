import type { Random } from '@noisy-pairs/imaging';
import type { EmbeddingImages, Meaning, Meanings } from '../data/embedding-images.ts';
import { aboveMedian, neighbourScore } from './neighbour-score.ts';
import { colouring } from './page/colouring.ts';
import type { Plot } from './page/plot.ts';
import type { Points } from './points.ts';

/** Points that were projected. */
export interface Projected {
  readonly points: Points;
  /** [N, 2] */
  readonly plane: Float32Array;
  /** The meanings of their labels. */
  readonly meanings: Meanings;
  readonly images: Pick<EmbeddingImages, 'unlabelled'>;
  /** Points to be numbered. */
  readonly marked: readonly number[];
  readonly random: Random;
}

/** A projection's plots: by class, and by noise where there is any. */
export function plotsOf(projected: Projected): Plot[] {
  const { points, meanings } = projected;
  const byClass = plotBy(points.classes, meanings.class, false, projected);
  if (!meanings.noise) return [byClass];
  return [byClass, plotBy(points.noise, meanings.noise, true, projected)];
}

function plotBy(
  values: Float32Array,
  meaning: Meaning,
  noise: boolean,
  { points, plane, images, marked, random }: Projected,
): Plot {
  const labels = meaning.type === 'share' ? aboveMedian(values) : values;
  return {
    title: meaning.title,
    plane,
    colouring: colouring(values, meaning, noise, images.unlabelled),
    marked,
    question: questionOf(meaning),
    score: neighbourScore(points, labels, random.split('halves')),
  };
}

function questionOf(meaning: Meaning): string {
  if (meaning.type === 'share') return 'Whether that share is above the median';
  const count = meaning.names.length;
  return `Which of the ${count === 2 ? 'two' : count} it is`;
}
