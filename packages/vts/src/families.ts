import FFT from 'fft.js';
import type { Random } from '@noisy-pairs/imaging';

/** Classes of the built-in textures, by how many orientations their waves have. */
export const familyNames = ['one-orientation', 'two-orientations', 'three-orientations', 'four-orientations'] as const;
export const maxFamilies = familyNames.length;
/** The built-in noise texture: waves of all orientations. */
export const noiseFamily = 'isotropic';

/** Centre of the band, cycles per pixel: waves of 3 to 8 pixels, told apart inside a cell. */
const CENTRE = [0.12, 0.35] as const;
/** Width of the band as a share of its centre. */
const BANDWIDTH = 0.15;
/** Spread of an orientation in radians. */
const SPREAD = 0.12;
/** Grey levels, each equally often in every texture: mean and variance, and the whole histogram, tell nothing of the class. */
const LEVELS = { lowest: 32, count: 192 } as const;

/**
 * One instance of a procedural texture: Gaussian noise of a narrow band of spatial frequencies, whose angle and scale are drawn per instance, with
 * 1 to 4 evenly spaced orientations, or all of them (0). Grey levels are then assigned by rank, so that every texture has the very same histogram
 * (uniform over 32..223, mean 127.5) and classes differ in structure only.
 * @param orientations 1..4, or 0 for isotropic
 * @param size edge in pixels, a power of two
 * @returns grey values, size * size
 */
export function proceduralTexture(orientations: number, size: number, random: Random): Uint8Array {
  const centre = Math.exp(random.range(Math.log(CENTRE[0]), Math.log(CENTRE[1])));
  const angle = random.range(0, Math.PI);
  const spectrum = new Float64Array(2 * size * size);
  for (let row = 0, i = 0; row < size; row++) {
    const fy = (row < size / 2 ? row : row - size) / size;
    for (let column = 0; column < size; column++, i += 2) {
      const fx = (column < size / 2 ? column : column - size) / size;
      const radial = (Math.hypot(fx, fy) - centre) / (BANDWIDTH * centre);
      if (Math.abs(radial) > 4) continue; // e^-8 of the amplitude: drawn for nothing
      let amplitude = orientations === 0 ? 1 : 0;
      for (let k = 0; k < orientations; k++) {
        const turn = Math.PI / orientations;
        const away = (((Math.atan2(fy, fx) - angle - k * turn + Math.PI / 2) % Math.PI) + Math.PI) % Math.PI - Math.PI / 2;
        amplitude += Math.exp(-0.5 * (away / SPREAD) ** 2);
      }
      if (amplitude < 1e-4) continue;
      amplitude *= Math.exp(-0.5 * radial ** 2);
      spectrum[i] = amplitude * random.normal();
      spectrum[i + 1] = amplitude * random.normal();
    }
  }
  return byRank(realPart(inverse(spectrum, size)));
}

/** 2-D inverse transform of interleaved complex values: rows, then columns. */
function inverse(spectrum: Float64Array, size: number): Float64Array {
  const fft = new FFT(size);
  const result = new Float64Array(spectrum.length);
  const input = new Array<number>(2 * size), output = new Array<number>(2 * size);
  for (let row = 0; row < size; row++) {
    for (let i = 0; i < 2 * size; i++) input[i] = spectrum[row * 2 * size + i] ?? 0;
    fft.inverseTransform(output, input);
    for (let i = 0; i < 2 * size; i++) result[row * 2 * size + i] = output[i] ?? 0;
  }
  for (let column = 0; column < size; column++) {
    for (let row = 0; row < size; row++) {
      input[2 * row] = result[(row * size + column) * 2] ?? 0;
      input[2 * row + 1] = result[(row * size + column) * 2 + 1] ?? 0;
    }
    fft.inverseTransform(output, input);
    for (let row = 0; row < size; row++) result[(row * size + column) * 2] = output[2 * row] ?? 0;
  }
  return result;
}

const realPart = (complex: Float64Array) => Float64Array.from({ length: complex.length / 2 }, (_, i) => complex[2 * i] ?? 0);

/** Grey levels by rank: the lowest 1/count of the values get the lowest level, and so on. */
function byRank(values: Float64Array): Uint8Array {
  const sorted = values.slice().sort();
  const thresholds = Float64Array.from({ length: LEVELS.count - 1 }, (_, level) => sorted[Math.round(((level + 1) * values.length) / LEVELS.count)] ?? 0);
  return Uint8Array.from(values, (value) => {
    let low = 0, high = thresholds.length; // number of thresholds at or below the value
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((thresholds[middle] ?? 0) <= value) low = middle + 1;
      else high = middle;
    }
    return LEVELS.lowest + low;
  });
}
