import { tf, type Program } from '@noisy-pairs/engine';
import { confusionMatrix, type ConfusionMatrix } from '@noisy-pairs/evaluation';
import type { Raster } from '@noisy-pairs/imaging';
import { resizeToPlanes } from '@noisy-pairs/models';
import { labelledEntries } from '../readers/labelled-entries.ts';
import type { LabelledReader } from '../readers/labelled.ts';
import { predictionPanel } from './prediction-panel.ts';
import type { Segmenter } from './segmentation-step.ts';

/** Images a batch. */
const batchSize = 32;

/**
 * Predicts images at full resolution and counts; the first `panels` of them are also drawn.
 * @param program holds the segmenter's state
 */
export async function predict(
  segmenter: Segmenter,
  program: Program,
  reader: LabelledReader,
  indices: readonly number[],
  panels: number,
  onPredicted?: (truth: Uint8Array, prediction: Uint8Array) => void | Promise<void>,
): Promise<{ matrix: ConfusionMatrix; panels: Raster[] }> {
  const { size, classes, images: perMask = 1 } = reader.source;
  const matrix = confusionMatrix(classes.length);
  const drawn: Raster[] = [];
  const entries = labelledEntries(
    program,
    (state, inputs) =>
      tf.tidy(() => ({
        outputs: { ids: tf.argMax(resizeToPlanes(segmenter.logits(state, inputs), size), 0) },
      })),
    reader,
  ); // [B, S, S]
  for (let start = 0; start < indices.length; start += batchSize) {
    const { images, masks, inputs } = await reader.read(indices.slice(start, start + batchSize));
    const { outputs } = await entries(masks.length / size ** 2).run(inputs);
    const predicted = new Uint8Array(outputs['ids']?.data as Int32Array);
    matrix.add(masks, predicted);
    await onPredicted?.(masks, predicted);
    const part = (all: Uint8Array, i: number, width: number) =>
      all.subarray(i * width, (i + 1) * width);
    for (let i = 0; i < masks.length / size ** 2 && drawn.length < panels; i++) {
      drawn.push(
        predictionPanel(
          part(images, i, size ** 2 * 3 * perMask),
          part(masks, i, size ** 2),
          part(predicted, i, size ** 2),
          size,
        ),
      );
    }
  }
  return { matrix, panels: drawn };
}
