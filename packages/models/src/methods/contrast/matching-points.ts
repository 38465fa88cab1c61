import type { Random } from '@noisy-pairs/imaging';
import type { Placement } from '../../networks/network.ts';
import { edgeOf, featureFrames } from './feature-frames.ts';

/** Positions in the feature maps of two views that show the same places. */
export interface MatchingPoints {
  /** [B * P] int32: rows of the query's and the key's pixels, image by image, row by row. */
  readonly queryPositions: Int32Array;
  readonly keyPositions: Int32Array;
  /**
   * [B * P] 1, or 0 for all points of an image whose views do not overlap: their positions are
   * drawn at random and match nothing.
   */
  readonly pointWeights: Float32Array;
}

/** A row of viewFrames: x = a u + b v + c, y = d u + e v + f. */
type Frame = readonly [number, number, number, number, number, number];

const frameOf = (frames: Float32Array, i: number) =>
  Array.from(frames.subarray(6 * i, 6 * i + 6)) as unknown as Frame;

/** A straight rectangle of an image. */
interface Rectangle {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The rectangle of a view in its image; views lie straight, whatever their turns and flips. */
function rectangle([a, b, c, d, e, f]: Frame): Rectangle {
  const [u, v] = [a + b + c, d + e + f];
  return {
    left: Math.min(c, u),
    right: Math.max(c, u),
    top: Math.min(f, v),
    bottom: Math.max(f, v),
  };
}

/** Where two rectangles overlap; undefined if they do not. */
function overlapOf(one: Rectangle, other: Rectangle): Rectangle | undefined {
  const left = Math.max(one.left, other.left);
  const right = Math.min(one.right, other.right);
  const top = Math.max(one.top, other.top);
  const bottom = Math.min(one.bottom, other.bottom);
  return right > left && bottom > top ? { left, right, top, bottom } : undefined;
}

/**
 * The position on a grid of edge^2 that a point of the image falls on, by the map's frame: the one
 * whose feature is nearest.
 */
function positionOf([a, b, c, d, e, f]: Frame, edge: number, x: number, y: number): number {
  const determinant = a * e - b * d;
  const u = (e * (x - c) - b * (y - f)) / determinant;
  const v = (a * (y - f) - d * (x - c)) / determinant;
  // the map may end before the view does
  const step = (t: number) => Math.min(edge - 1, Math.max(0, Math.floor(t * edge)));
  return step(v) * edge + step(u);
}

/**
 * Draws points evenly from where two views overlap; each falls on the nearest feature of either.
 * @param query, key frames [B, 6] of the views, see viewFrames
 * @param viewSize V, edge of the views in pixels
 * @param placement of their features
 * @param points P an image
 */
export function matchingPoints(
  query: Float32Array,
  key: Float32Array,
  viewSize: number,
  placement: Placement,
  points: number,
  random: Random,
): MatchingPoints {
  const count = query.length / 6;
  const edge = edgeOf(viewSize, placement);
  const queryMaps = featureFrames(query, viewSize, placement);
  const keyMaps = featureFrames(key, viewSize, placement);
  const found = {
    queryPositions: new Int32Array(count * points),
    keyPositions: new Int32Array(count * points),
    pointWeights: new Float32Array(count * points),
  };
  for (let i = 0; i < count; i++) {
    const q = frameOf(queryMaps, i);
    const k = frameOf(keyMaps, i);
    const overlap = overlapOf(rectangle(frameOf(query, i)), rectangle(frameOf(key, i)));
    const offset = i * edge * edge;
    for (let p = i * points; p < (i + 1) * points; p++) {
      // as many draws in either case
      const r0 = random.uniform();
      const r1 = random.uniform();
      const r2 = random.uniform();
      const r3 = random.uniform();
      const [inQuery, inKey] = overlap
        ? samePoint(overlap, q, k, edge, r0, r1)
        : [anywhere(edge, r0, r1), anywhere(edge, r2, r3)];
      found.queryPositions[p] = offset + inQuery;
      found.keyPositions[p] = offset + inKey;
      found.pointWeights[p] = overlap ? 1 : 0;
    }
  }
  return found;
}

/** The positions in both views of the point of the overlap that two numbers in 0..1 choose. */
function samePoint(
  { left, right, top, bottom }: Rectangle,
  query: Frame,
  key: Frame,
  edge: number,
  across: number,
  down: number,
): [number, number] {
  const x = left + across * (right - left);
  const y = top + down * (bottom - top);
  return [positionOf(query, edge, x, y), positionOf(key, edge, x, y)];
}

/** The position that two numbers in 0..1 choose. */
const anywhere = (edge: number, down: number, across: number) =>
  Math.floor(down * edge) * edge + Math.floor(across * edge);
