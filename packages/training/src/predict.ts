import { disposeAll, tf, type NamedTensors } from '@noisy-pairs/engine';
import { confusionMatrix, type ConfusionMatrix } from '@noisy-pairs/evaluation';
import type { Raster } from '@noisy-pairs/imaging';
import { resizeTo } from '@noisy-pairs/models';
import type { LabelledReader } from './labelled.ts';
import { predictionPanel } from './prediction-panel.ts';
import type { Segmenter } from './segmentation-step.ts';

/** Images a batch. */
const batchSize = 32;

/** Predicts images at full resolution and counts; the first `panels` of them are also drawn. */
export async function predict(segmenter: Segmenter, state: NamedTensors, reader: LabelledReader, indices: readonly number[], panels: number): Promise<{ matrix: ConfusionMatrix; panels: Raster[] }> {
  const { size, classes } = reader.source;
  const matrix = confusionMatrix(classes.length);
  const drawn: Raster[] = [];
  for (let start = 0; start < indices.length; start += batchSize) {
    const { images, masks, inputs } = await reader.read(indices.slice(start, start + batchSize));
    const ids = tf.tidy(() => tf.argMax(resizeTo(segmenter.logits(state, inputs), size), 3)); // [B, S, S]
    const predicted = Uint8Array.from(await ids.data());
    ids.dispose();
    disposeAll(inputs);
    matrix.add(masks, predicted);
    const part = (all: Uint8Array, i: number, width: number) => all.subarray(i * width, (i + 1) * width);
    for (let i = 0; i < masks.length / size ** 2 && drawn.length < panels; i++) {
      drawn.push(predictionPanel(part(images, i, size ** 2 * 3), part(masks, i, size ** 2), part(predicted, i, size ** 2), size));
    }
  }
  return { matrix, panels: drawn };
}
