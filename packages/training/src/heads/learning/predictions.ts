import type { Program } from '@noisy-pairs/engine';
import { confusionMatrix, type ConfusionMatrix } from '@noisy-pairs/evaluation';
import { parts, type BatchReader, type BatchSpecs } from '../../readers/batch-reader.ts';
import { entryByCount } from '../../readers/entry-by-count.ts';
import type { Learned, Learner } from './learner.ts';

/** Images a batch. */
const chunk = 32;

/** Called with the labels of a batch and the class ids predicted for them, in one order. */
export type OnPredicted = (truth: Uint8Array, prediction: Uint8Array) => void | Promise<void>;

export interface Predicting<Specs extends BatchSpecs> {
  readonly learner: Learner<Specs>;
  readonly program: Program<Readonly<{ learned: Learned }>>;
  readonly reader: BatchReader<Specs>;
  /** Which of the reader's images, in this order. */
  readonly indices: readonly number[];
  readonly onPredicted?: OnPredicted | undefined;
}

/** Predicts images as they are, a batch in memory at a time, and counts. */
export async function countPredictions<Specs extends BatchSpecs>({
  learner,
  program,
  reader,
  indices,
  onPredicted,
}: Predicting<Specs>): Promise<ConfusionMatrix> {
  const matrix = confusionMatrix(learner.classes);
  const entries = entryByCount(
    program,
    (count) => reader.specs(count),
    ({ learned }, batch) => ({ outputs: { ids: learner.ids(learned, batch) } }),
  );
  for (const positions of parts(indices.length, chunk)) {
    const { inputs } = await reader.read(positions.map((position) => indices[position] as number));
    const { outputs } = await entries(positions.length).run(inputs);
    const truth = Uint8Array.from(inputs.labels);
    const prediction = Uint8Array.from(outputs.ids.data);
    matrix.add(truth, prediction);
    await onPredicted?.(truth, prediction);
  }
  return matrix;
}
