import type { Random } from '@noisy-pairs/imaging';
import FFT from 'fft.js';

/** Classes of the built-in textures, by how many orientations their waves have. */
export const familyNames = [
  'one-orientation',
  'two-orientations',
  'three-orientations',
  'four-orientations',
] as const;
export const maxFamilies = familyNames.length;
/** The built-in noise texture: waves of all orientations. */
export const noiseFamily = 'isotropic';

/** Centre of the band, cycles per pixel: waves of 3 to 8 pixels, told apart inside a cell. */
const CENTRE = [0.12, 0.35] as const;
/** Width of the band as a share of its centre. */
const BANDWIDTH = 0.15;
/** Spread of an orientation in radians. */
const SPREAD = 0.12;
/**
 * Grey levels, each equally often in every texture: mean and variance, and the whole histogram,
 * tell nothing of the class.
 */
const LEVELS = { lowest: 32, count: 192 } as const;

/**
 * One instance of a procedural texture: Gaussian noise of a narrow band of spatial frequencies,
 * whose angle and scale are drawn per instance, with 1 to 4 evenly spaced orientations, or all of
 * them (0). Grey levels are then assigned by rank, so that every texture has the very same
 * histogram (uniform over 32..223, mean 127.5) and classes differ in structure only.
 * @param orientations 1..4, or 0 for isotropic
 * @param size edge in pixels, a power of two
 * @returns grey values, size * size
 */
export function proceduralTexture(orientations: number, size: number, random: Random): Uint8Array {
  const centre = Math.exp(random.range(Math.log(CENTRE[0]), Math.log(CENTRE[1])));
  const angle = random.range(0, Math.PI);
  const spectrum = new Float64Array(2 * size * size);
  for (let row = 0, i = 0; row < size; row++) {
    const fy = frequencyOf(row, size);
    for (let column = 0; column < size; column++, i += 2) {
      const fx = frequencyOf(column, size);
      const radial = (Math.hypot(fx, fy) - centre) / (BANDWIDTH * centre);
      if (Math.abs(radial) > 4) continue; // e^-8 of the amplitude: drawn for nothing
      let amplitude = alongOrientations(orientations, Math.atan2(fy, fx) - angle);
      if (amplitude < 1e-4) continue;
      amplitude *= Math.exp(-0.5 * radial ** 2);
      spectrum[i] = amplitude * random.normal();
      spectrum[i + 1] = amplitude * random.normal();
    }
  }
  return byRank(inverse(spectrum, size));
}

/** Cycles a pixel, -0.5..0.5, of a row or column of the spectrum. */
const frequencyOf = (index: number, size: number) =>
  (index < size / 2 ? index : index - size) / size;

/**
 * Amplitude in a direction: 1 where isotropic, else near 1 along the orientations.
 * @param angle from the first orientation, in radians
 */
function alongOrientations(orientations: number, angle: number): number {
  let amplitude = orientations === 0 ? 1 : 0;
  for (let k = 0; k < orientations; k++) {
    // waves have no sign: angles count modulo half a turn, -pi/2..pi/2
    const turned = angle - k * (Math.PI / orientations) + Math.PI / 2;
    const away = (((turned % Math.PI) + Math.PI) % Math.PI) - Math.PI / 2;
    amplitude += Math.exp(-0.5 * (away / SPREAD) ** 2);
  }
  return amplitude;
}

/** Real part of the 2-D inverse transform of interleaved complex values: rows, then columns. */
function inverse(spectrum: Float64Array, size: number): Float64Array {
  const fft = new FFT(size);
  const result = new Float64Array(spectrum.length / 2);
  const input = new Array<number>(2 * size).fill(0);
  const output = new Array<number>(2 * size).fill(0);
  for (let row = 0; row < size; row++) {
    const at = row * 2 * size;
    for (let i = 0; i < 2 * size; i++) input[i] = spectrum[at + i] as number;
    fft.inverseTransform(output, input);
    for (let i = 0; i < 2 * size; i++) spectrum[at + i] = output[i] as number;
  }
  for (let column = 0; column < size; column++) {
    for (let row = 0, at = 2 * column; row < size; row++, at += 2 * size) {
      input[2 * row] = spectrum[at] as number;
      input[2 * row + 1] = spectrum[at + 1] as number;
    }
    fft.inverseTransform(output, input);
    for (let row = 0; row < size; row++) result[row * size + column] = output[2 * row] as number;
  }
  return result;
}

/**
 * Grey levels by rank: the lowest 1/count of the values get the lowest level, and so on. Ranks come
 * from a counting sort over narrow bins (sorting by comparison takes most of the time otherwise);
 * values that share a bin are ranked as they come.
 */
function byRank(values: Float64Array): Uint8Array {
  const n = values.length;
  let lowest = Infinity;
  let highest = -Infinity;
  for (let i = 0; i < n; i++) {
    lowest = Math.min(lowest, values[i] as number);
    highest = Math.max(highest, values[i] as number);
  }
  const scale = 65535 / (highest - lowest);
  const bins = new Uint16Array(n);
  const sizes = new Uint32Array(65536);
  const next = new Uint32Array(65536);
  for (let i = 0; i < n; i++) {
    const bin = Math.floor(((values[i] as number) - lowest) * scale);
    bins[i] = bin;
    sizes[bin] = (sizes[bin] as number) + 1;
  }
  for (let bin = 1; bin < 65536; bin++)
    next[bin] = (next[bin - 1] as number) + (sizes[bin - 1] as number);
  const levels = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const bin = bins[i] as number;
    const rank = next[bin] as number;
    next[bin] = rank + 1;
    levels[i] = LEVELS.lowest + Math.floor((rank * LEVELS.count) / n);
  }
  return levels;
}
