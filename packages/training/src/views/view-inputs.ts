import { tf, type InputSpec, type TensorsOf } from '@noisy-pairs/engine';
import type { ViewBatch } from '@noisy-pairs/pairs';
import { imageSpec } from '../readers/batch-reader.ts';

/** The inputs of one batch of views: borrowed arrays. */
export interface ViewValues {
  /** [B, S, S, 3] uint8 */
  readonly images: Uint8Array;
  /** [B, 4] y0, x0, y1, x1 in 0..1 */
  readonly boxes: Float32Array;
  /** [B] 0..3 quarter turns counter-clockwise */
  readonly turns: Float32Array;
  /** [B, 2] horizontal, vertical: 0 or 1 */
  readonly flips: Float32Array;
  /** [B, 4] factors of brightness, contrast, saturation; hue shift in turns */
  readonly colour: Float32Array;
  /** [B] 0 or 1 */
  readonly grey: Float32Array;
  /** [B] of the blur in pixels, 0 = none */
  readonly sigma: Float32Array;
}

/** The declarations of ViewValues, as a program's inputs. @param count B @param size S */
export function viewSpecs(count: number, size: number) {
  return {
    images: imageSpec(count, size),
    boxes: floatSpec([count, 4]),
    turns: floatSpec([count]),
    flips: floatSpec([count, 2]),
    colour: floatSpec([count, 4]),
    grey: floatSpec([count]),
    sigma: floatSpec([count]),
  };
}

const floatSpec = <const Shape extends readonly number[]>(shape: Shape): InputSpec<Shape> => ({
  shape,
  dtype: 'float32',
});

/** The tensors of one batch of views, as a view function reads them; images in 0..255. */
export type ViewInputs = TensorsOf<ReturnType<typeof viewSpecs>>;

/**
 * @param images [B, S, S, 3] uint8
 * @param size S
 * @throws if the pixels are not as many as the view parameters ask for
 */
export function viewValues(images: Uint8Array, size: number, views: ViewBatch): ViewValues {
  const count = views.turns.length;
  const expected = count * size * size * 3;
  if (images.length !== expected)
    throw new Error(
      `views: expected ${expected} bytes for ${count} images of ${size} x ${size} x 3, got ` +
        `${images.length}`,
    );
  const { boxes, turns, flips, colour, grey, sigma } = views;
  return { images, boxes, turns, flips, colour, grey, sigma };
}

/**
 * Uploads a batch of views for the view function; the tensors are the caller's.
 * @throws as `viewValues` does
 */
export function viewTensors(images: Uint8Array, size: number, views: ViewBatch): ViewInputs {
  const values = viewValues(images, size, views);
  const count = views.turns.length;
  const copy = (data: Uint8Array | Float32Array) => new Float32Array(data); // a tensor may keep it
  return {
    images: tf.tensor4d(copy(values.images), [count, size, size, 3]),
    boxes: tf.tensor2d(copy(values.boxes), [count, 4]),
    turns: tf.tensor1d(copy(values.turns)),
    flips: tf.tensor2d(copy(values.flips), [count, 2]),
    colour: tf.tensor2d(copy(values.colour), [count, 4]),
    grey: tf.tensor1d(copy(values.grey)),
    sigma: tf.tensor1d(copy(values.sigma)),
  };
}
