import { tf, type Tensor, type Tensor4D } from '@noisy-pairs/engine';
import { choose } from './choose.ts';
import { inverse, product, transpose, type Matrix } from './matrix.ts';

/** ITU-R 601 weights as torchvision has them (their sum is 0.9999). */
const luma = [0.2989, 0.587, 0.114] as const;

/**
 * [3, 3]: a matrix that gives every channel the luma, so that no later op broadcasts over an
 * innermost axis of 3, which is slow.
 */
const lumaMatrix = luma.flatMap((weight) => [weight, weight, weight]);

/** RGB to YIQ (NTSC). */
const toYiq = [
  [0.299, 0.587, 0.114],
  [0.5959, -0.2746, -0.3213],
  [0.2115, -0.5227, 0.3112],
] as const;
const fromYiq = inverse(toYiq);

/** Which of the operations a policy can ever use; the others are left out. */
export interface ColourParts {
  readonly brightness: boolean;
  readonly contrast: boolean;
  readonly saturation: boolean;
  readonly hue: boolean;
}

/** The image's luma in each of its channels. @param x [B, V, V, 3] */
function greyImage(x: Tensor4D): Tensor4D {
  return tf.tidy(() =>
    tf.matMul(x.reshape([-1, 3]), tf.tensor2d(lumaMatrix, [3, 3])).reshape(x.shape),
  );
}

/** Grey where the flag is 1, untouched where it is 0. @param grey [B] @param x [B, V, V, 3] */
export function greyViews(x: Tensor4D, grey: Tensor): Tensor4D {
  return tf.tidy(() => choose(grey.reshape([-1, 1, 1, 1]), greyImage(x), x));
}

/**
 * torchvision's ColorJitter in the fixed order brightness, contrast, saturation, hue, each clamped
 * to 0..1. The hue is turned in YIQ rather than HSV: one 3 x 3 matrix a view, which keeps the luma
 * and turns saturated colours alike.
 * @param x [B, V, V, 3] in 0..1
 * @param colour [B, 4] three factors and the hue shift in turns; 1, 1, 1, 0 changes nothing
 */
export function jitterViews(x: Tensor4D, colour: Tensor, parts: ColourParts): Tensor4D {
  return tf.tidy(() => {
    const column = (i: number) => colour.slice([0, i], [-1, 1]).reshape([-1, 1, 1, 1]);
    // Mixing with what the factor 0 would give; factors above 1 go beyond the image.
    const blend = (image: Tensor, factor: Tensor, zero: Tensor) =>
      clamped(image.mul(factor).add(zero.mul(tf.sub(1, factor))));
    let y = x;
    if (parts.brightness) y = clamped(y.mul(column(0)));
    if (parts.contrast) y = blend(y, column(1), greyImage(y).mean([1, 2, 3], true));
    if (parts.saturation) y = blend(y, column(2), greyImage(y));
    if (parts.hue) y = turnHue(y, column(3));
    return y;
  });
}

function clamped(x: Tensor): Tensor4D {
  return x.clipByValue(0, 1) as Tensor4D;
}

/** @param shift [B, 1, 1, 1] in turns; a third makes red green. */
function turnHue(x: Tensor4D, shift: Tensor): Tensor4D {
  // red, green, blue follow one another clockwise in the I-Q plane
  const angle = shift.reshape([-1, 1, 1]).mul(-2 * Math.PI);
  // from . R(angle) . to = still + cos(angle) even + sin(angle) odd, transposed as pixels are rows
  const part = (rotation: Matrix) =>
    tf.tensor2d(transpose(product(fromYiq, product(rotation, toYiq))).flat(), [3, 3]);
  const still = part([
    [1, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ]);
  const even = part([
    [0, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ]);
  const odd = part([
    [0, 0, 0],
    [0, 0, -1],
    [0, 1, 0],
  ]);
  const matrices = still.add(even.mul(tf.cos(angle))).add(odd.mul(tf.sin(angle))); // [B, 3, 3]
  const [count, height, width] = x.shape;
  return clamped(tf.matMul(x.reshape([count, height * width, 3]), matrices).reshape(x.shape));
}
