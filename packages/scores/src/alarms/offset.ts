import { percentile } from '@noisy-pairs/evaluation';
import type { Raster } from '@noisy-pairs/imaging';
import { blurred, eachGradient, greyOf, type Plane } from '../measures/plane.ts';
import type { Alarm } from './alarm.ts';

/** By how much the second image's content lies beside the first one's, in pixels. */
export interface Offset {
  readonly right: number;
  readonly down: number;
  /** Correlation of the edges there, -1..1. */
  readonly correlation: number;
}

const reach = 8;
/** Below it, the edges of a pair have too little in common to say where they lie. */
const leastCorrelation = 0.15;
/** Fewer pairs tell nothing of a set. */
const leastPairs = 8;
/** Pixels that all pairs share; a georeference or a cut that is off. */
const mostShared = 2;
/** Pixels in whatever direction; LEVIR-CD has 3. */
const mostScattered = 4;

/** The whole-pixel offset within +-8 at which the edges of both images correlate best. */
export function offsetOf(first: Raster, second: Raster): Offset {
  const [a, b] = [edgesOf(first), edgesOf(second)];
  let best: Offset = { right: 0, down: 0, correlation: -1 };
  for (let down = -reach; down <= reach; down++) {
    for (let right = -reach; right <= reach; right++) {
      const correlation = innerCorrelation(a, b, right, down);
      if (correlation > best.correlation) best = { right, down, correlation };
    }
  }
  return best;
}

/** Gradient magnitudes. */
function edgesOf(image: Raster): Plane {
  const plane = blurred(greyOf(image));
  const values = new Float64Array(plane.values.length);
  eachGradient(plane, (x, y, dx, dy) => {
    values[y * plane.width + x] = Math.sqrt(dx * dx + dy * dy);
  });
  return { ...plane, values };
}

/** Correlation of the first one's inside with the second one's, moved. */
function innerCorrelation(a: Plane, b: Plane, right: number, down: number): number {
  let [count, sumA, sumB, squaresA, squaresB, products] = [0, 0, 0, 0, 0, 0];
  for (let y = reach; y < a.height - reach; y++) {
    const rowA = y * a.width;
    const rowB = (y + down) * b.width + right;
    for (let x = reach; x < a.width - reach; x++) {
      const one = a.values[rowA + x] as number;
      const other = b.values[rowB + x] as number;
      count++;
      sumA += one;
      sumB += other;
      squaresA += one * one;
      squaresB += other * other;
      products += one * other;
    }
  }
  const covariance = products - (sumA * sumB) / count;
  const spread = (squaresA - sumA ** 2 / count) * (squaresB - sumB ** 2 / count);
  return spread > 0 ? covariance / Math.sqrt(spread) : -1;
}

/** Whether the images of pairs lie beside each other. */
export function offsetAlarm(offsets: readonly Offset[]): Alarm {
  const name = 'alignment';
  const clear = offsets.filter(
    ({ right, down, correlation }) =>
      correlation >= leastCorrelation && Math.max(Math.abs(right), Math.abs(down)) < reach,
  );
  const of = `${clear.length} of ${offsets.length} pairs whose edges agree enough`;
  if (clear.length < leastPairs)
    return { name, state: 'undecidable', line: `only ${of}; ${leastPairs} are needed` };
  const median = (values: readonly number[]) =>
    percentile(
      [...values].sort((a, b) => a - b),
      50,
    );
  const length = median(clear.map(({ right, down }) => Math.hypot(right, down)));
  const right = median(clear.map((offset) => offset.right));
  const down = median(clear.map((offset) => offset.down));
  const line =
    `in the median of ${of}, the second image lies ${length.toFixed(1)} px from the first one, ` +
    `${right} right and ${down} down`;
  const isOff = length >= mostScattered || Math.hypot(right, down) >= mostShared;
  return { name, state: isOff ? 'alarm' : 'none', line };
}
