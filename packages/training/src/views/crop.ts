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
    const odd = tf.equal(tf.mod(turns, 2), 1).reshape([count, 1]);
    const turned = mayTurn ? flipsBeforeTurn(turns, flips, odd) : flips;
    // cropAndResize takes the centres of the first and the last sample over the distance between
    // the outermost pixel centres, and blanks what lies outside them: hence the border of one
    // repeated pixel.
    const padded = repeatBorder(repeatBorder(images, 1), 2);
    const centres = sampleCentres(boxes, turned, edge, size);
    const indices = tf.range(0, count, 1, 'int32');
    const crops = tf.image.cropAndResize(padded, centres, indices, [size, size]);
    if (!mayTurn) return crops;
    const transposed = crops.transpose<Tensor4D>([0, 2, 1, 3]);
    return choose(odd.cast('float32').reshape([count, 1, 1, 1]), transposed, crops);
  });
}

/**
 * A quarter turn is a transposition followed by flips; the transposition goes last here, so the
 * flips change axes under it.
 * @param flips [B, 2] horizontal, vertical, after the turn
 * @param odd [B, 1] whether the image is transposed
 * @returns [B, 2] horizontal, vertical, before the transposition
 */
function flipsBeforeTurn(turns: Tensor1D, flips: Tensor2D, odd: Tensor): Tensor {
  const is = (turn: number) => tf.equal(turns, turn);
  const flipped = (axis: number, first: number, second: number) => {
    const turn = tf.logicalOr(is(first), is(second)).cast('float32').reshape([-1, 1]);
    return tf.abs(flips.slice([0, axis], [-1, 1]).sub(turn));
  };
  const vertical = flipped(1, 1, 2);
  const horizontal = flipped(0, 2, 3);
  return tf.concat([tf.where(odd, vertical, horizontal), tf.where(odd, horizontal, vertical)], 1);
}

/**
 * Centres of the first and the last sample along both axes, of images with a border of one pixel.
 * @param flips [B, 2] horizontal, vertical
 * @returns [B, 4] y0, x0, y1, x1 as cropAndResize counts
 */
function sampleCentres(boxes: Tensor2D, flips: Tensor, edge: number, size: number): Tensor2D {
  // A flip is a box with its edges exchanged.
  const flip = tf.reverse(flips, 1).greater(0.5); // vertical, horizontal
  const low = boxes.slice([0, 0], [-1, 2]); // y0, x0
  const high = boxes.slice([0, 2], [-1, 2]); // y1, x1
  const start = tf.where(flip, high, low);
  const end = tf.where(flip, low, high);
  const inset = 0.5 / size;
  const centre = (near: Tensor, far: Tensor) =>
    near
      .mul(1 - inset)
      .add(far.mul(inset))
      .mul(edge / (edge + 1))
      .add(0.5 / (edge + 1));
  return tf.concat([centre(start, end), centre(end, start)], 1) as Tensor2D;
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
