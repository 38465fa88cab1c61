import type { Random } from '@noisy-pairs/imaging';

const ROAD = [120, 118, 115] as const;
const WOOD = [62, 88, 48] as const;
const MEADOW = [104, 118, 66] as const;
const SOIL = [142, 128, 92] as const;

/** A channel's value, 1..255: 0 in all bands would be nodata. */
export const clampToByte = (value: number) => Math.min(255, Math.max(1, Math.round(value)));

/** Woods, meadows and soil by height, a road, and a fine pattern over all: RGB, size * size * 3. */
export function makeGround(random: Random, size: number): Uint8Array {
  const height = smoothNoise(random.split('height'), size, 5);
  const detail = smoothNoise(random.split('detail'), size, 64);
  const pixels = new Uint8Array(size * size * 3);
  const road = { at: random.range(0.2, 0.8) * size, slope: random.range(-0.5, 0.5) };
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const i = y * size + x;
      const shade = 50 * ((detail[i] as number) - 0.5);
      const isRoad = Math.abs(y - road.at - road.slope * x) < 5;
      const colour = isRoad ? ROAD : colourAt(height[i] as number);
      for (let c = 0; c < 3; c++) pixels[3 * i + c] = clampToByte((colour[c] as number) + shade);
    }
  }
  return pixels;
}

/** @param height 0..1 */
function colourAt(height: number): readonly [number, number, number] {
  if (height < 0.42) return WOOD;
  return height < 0.58 ? MEADOW : SOIL;
}

/** Noise in 0..1, smooth between `spans` + 1 random values an edge: [size, size]. */
function smoothNoise(random: Random, size: number, spans: number): Float32Array {
  const across = spans + 1;
  const knots = Float32Array.from({ length: across ** 2 }, () => random.uniform());
  const out = new Float32Array(size * size);
  const smooth = (t: number) => t * t * (3 - 2 * t);
  for (let y = 0; y < size; y++) {
    const v = (y / size) * spans;
    const row = Math.floor(v);
    const b = smooth(v - row);
    for (let x = 0; x < size; x++) {
      const u = (x / size) * spans;
      const column = Math.floor(u);
      const a = smooth(u - column);
      const at = row * across + column;
      const upper = (1 - a) * (knots[at] as number) + a * (knots[at + 1] as number);
      const lower =
        (1 - a) * (knots[at + across] as number) + a * (knots[at + across + 1] as number);
      out[y * size + x] = (1 - b) * upper + b * lower;
    }
  }
  return out;
}
