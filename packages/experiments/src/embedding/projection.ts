import { setImmediate } from 'node:timers/promises';
import type { Random } from '@noisy-pairs/imaging';
import { UMAP } from 'umap-js';

export interface ProjectionOptions {
  /** Nearest neighbours that count as such: few show what is close by, many the whole. */
  readonly neighbours: number;
  /** How close points may come in the plane, on UMAP's scale. */
  readonly minDistance: number;
  readonly random: Random;
  readonly onProgress?: (epoch: number, of: number) => void;
}

/** Epochs between two looks at the event loop. */
const stretch = 10;

/**
 * UMAP (McInnes et al. 2018; umap-js) of feature vectors into the plane, by cosine distance, turned
 * so that it is wider than high. Same features and random numbers, same plane.
 * @param features [N, dimensions]
 * @returns [N, 2]
 * @throws if there are no more points than neighbours, or a value is not finite
 */
export async function projectToPlane(
  features: Float32Array,
  dimensions: number,
  { neighbours, minDistance, random, onProgress }: ProjectionOptions,
): Promise<Float32Array> {
  const count = features.length / dimensions;
  if (count <= neighbours)
    throw new Error(`points: expected more than the ${neighbours} neighbours, got ${count}`);
  const rows = Array.from({ length: count }, (_, i) =>
    unitRow(features.subarray(i * dimensions, (i + 1) * dimensions), i),
  );
  const umap = new UMAP({
    nNeighbors: neighbours,
    minDist: minDistance,
    random: () => random.uniform(),
    distanceFn: unitCosine,
  });
  const epochs = umap.initializeFit(rows);
  for (let epoch = 1; epoch <= epochs; epoch++) {
    umap.step();
    if (epoch % stretch !== 0 && epoch !== epochs) continue;
    onProgress?.(epoch, epochs);
    await setImmediate();
  }
  return level(Float32Array.from(umap.getEmbedding().flat()));
}

/**
 * Turns points about their middle until they spread most from left to right; in place.
 * @param plane [N, 2]
 */
function level(plane: Float32Array): Float32Array {
  const middle = (offset: 0 | 1) =>
    plane.reduce((sum, value, i) => (i % 2 === offset ? sum + value : sum), 0) / (plane.length / 2);
  const [x, y] = [middle(0), middle(1)];
  let [xx, xy, yy] = [0, 0, 0];
  for (let i = 0; i < plane.length; i += 2) {
    const [dx, dy] = [(plane[i] as number) - x, (plane[i + 1] as number) - y];
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  const angle = Math.atan2(2 * xy, xx - yy) / 2; // of the longer principal axis
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  for (let i = 0; i < plane.length; i += 2) {
    const [dx, dy] = [(plane[i] as number) - x, (plane[i + 1] as number) - y];
    plane[i] = cos * dx + sin * dy;
    plane[i + 1] = cos * dy - sin * dx;
  }
  return plane;
}

function unitRow(row: Float32Array, index: number): number[] {
  const length = Math.hypot(...row);
  if (!Number.isFinite(length))
    throw new Error(`features: expected finite values, got others in row ${index}`);
  return Array.from(row, (value) => value / Math.max(length, 1e-12));
}

/** Cosine distance of unit vectors; never below 0, as rounding would have it for equal ones. */
function unitCosine(a: readonly number[], b: readonly number[]): number {
  let dot = 0;
  for (let i = 0; i < a.length; i++) dot += (a[i] as number) * (b[i] as number);
  return Math.max(0, 1 - dot);
}
