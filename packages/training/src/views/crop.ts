import { tf, type Tensor, type Tensor1D, type Tensor2D, type Tensor4D } from '@noisy-pairs/engine';
import { choose } from './choose.ts';

/**
 * Crops, resizes, turns and flips in one bilinear sampling.
 *
 * Edges follow the pixel-area convention: 0 and 1 are the outer edges of the image's outermost
 * pixels, and output pixel i samples the centre of the i-th of `size` equal parts of the box
 * (half-pixel centres; beyond the outermost pixel centres the border is repeated). There is no
 * antialiasing, so a crop should not be shrunk by much more than two.
 *
 * @param images [B, S, S, 3] float32
 * @param boxes [B, 4] y0, x0, y1, x1 in 0..1
 * @param turns [B] 0..3 quarter turns counter-clockwise, after the crop
 * @param flips [B, 2] horizontal, vertical: 0 or 1, after the turn
 * @param size edge of the result in pixels, at least 2
 * @param mayTurn false leaves `turns` unread and one pass over the pixels out
 * @returns [B, size, size, 3] in the images' units
 */
export function cropViews(
  images: Tensor4D,
  boxes: Tensor2D,
  turns: Tensor1D,
  flips: Tensor2D,
  size: number,
  mayTurn: boolean,
): Tensor4D {
  return tf.tidy(() => {
    const [count, edge] = images.shape;
    let horizontal: Tensor = flips.slice([0, 0], [-1, 1]); // [B, 1]
    let vertical: Tensor = flips.slice([0, 1], [-1, 1]);
    const odd = tf.equal(tf.mod(turns, 2), 1).reshape([count, 1]);
    if (mayTurn) {
      // A quarter turn is a transposition followed by flips; the transposition goes last here, so
      // the flips change axes under it.
      const is = (turn: number) => tf.equal(turns, turn);
      const flipped = (flag: Tensor, first: number, second: number) =>
        tf.abs(flag.sub(tf.logicalOr(is(first), is(second)).cast('float32').reshape([count, 1])));
      const v = flipped(vertical, 1, 2);
      const h = flipped(horizontal, 2, 3);
      vertical = tf.where(odd, h, v);
      horizontal = tf.where(odd, v, h);
    }

    // A flip is a box with its edges exchanged.
    const flip = tf.concat([vertical, horizontal], 1).greater(0.5); // [B, 2]
    const low = boxes.slice([0, 0], [-1, 2]); // y0, x0
    const high = boxes.slice([0, 2], [-1, 2]); // y1, x1
    const start = tf.where(flip, high, low);
    const end = tf.where(flip, low, high);

    // cropAndResize takes the centres of the first and the last sample over the distance between
    // the outermost pixel centres, and blanks what lies outside them: hence the border of one
    // repeated pixel.
    const padded = repeatBorder(repeatBorder(images, 1), 2);
    const inset = 0.5 / size;
    const centre = (near: Tensor, far: Tensor) =>
      near
        .mul(1 - inset)
        .add(far.mul(inset))
        .mul(edge / (edge + 1))
        .add(0.5 / (edge + 1));
    const centres = tf.concat([centre(start, end), centre(end, start)], 1) as Tensor2D; // [B, 4]
    const crops = tf.image.cropAndResize(padded, centres, tf.range(0, count, 1, 'int32'), [
      size,
      size,
    ]);
    return mayTurn
      ? choose(odd.cast('float32').reshape([count, 1, 1, 1]), crops.transpose([0, 2, 1, 3]), crops)
      : crops;
  });
}

/**
 * The outermost pixels once more on both sides of an axis; by copies, as TensorFlow's MirrorPad
 * goes pixel by pixel.
 */
function repeatBorder(images: Tensor4D, axis: 1 | 2): Tensor4D {
  const at = (i: number): Tensor4D =>
    axis === 1
      ? images.slice([0, i, 0, 0], [-1, 1, -1, -1])
      : images.slice([0, 0, i, 0], [-1, -1, 1, -1]);
  return tf.concat([at(0), images, at(images.shape[axis] - 1)], axis);
}
