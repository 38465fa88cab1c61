import { Random } from '@noisy-pairs/imaging';
import { describe, expect, it } from 'vitest';
import { familyNames, proceduralTexture } from './families.ts';

const SIZE = 128;
// numbers of orientations; 0 is the noise
const kinds = [...familyNames.keys()].map((i) => i + 1).concat(0);
const instances = (orientations: number, n = 6) =>
  Array.from({ length: n }, (_, i) =>
    proceduralTexture(orientations, SIZE, Random.from('families').split(orientations, i)),
  );

/**
 * Power of a texture by frequency: a slow Fourier transform, rows then columns. [fy][fx], fy and fx
 * from -SIZE/2.
 */
function power(texture: Uint8Array): Float64Array {
  const mean = texture.reduce((a, b) => a + b, 0) / texture.length;
  const turn = Array.from(
    { length: SIZE },
    (_, k) => [Math.cos((2 * Math.PI * k) / SIZE), -Math.sin((2 * Math.PI * k) / SIZE)] as const,
  );
  const transform = (re: Float64Array, im: Float64Array, step: number, lines: number) => {
    const outRe = new Float64Array(SIZE * SIZE);
    const outIm = new Float64Array(SIZE * SIZE);
    for (let line = 0; line < SIZE; line++) {
      for (let f = 0; f < SIZE; f++) {
        let sumRe = 0;
        let sumIm = 0;
        for (let x = 0; x < SIZE; x++) {
          const [c, s] = turn[(f * x) % SIZE] ?? [0, 0];
          const at = line * lines + x * step;
          sumRe += (re[at] ?? 0) * c - (im[at] ?? 0) * s;
          sumIm += (re[at] ?? 0) * s + (im[at] ?? 0) * c;
        }
        outRe[line * lines + f * step] = sumRe;
        outIm[line * lines + f * step] = sumIm;
      }
    }
    return [outRe, outIm] as const;
  };
  const rows = transform(
    Float64Array.from(texture, (v) => v - mean),
    new Float64Array(SIZE * SIZE),
    1,
    SIZE,
  );
  const [re, im] = transform(...rows, SIZE, 1);
  return re.map((v, i) => v * v + (im[i] ?? 0) ** 2);
}

/**
 * How much power gathers around m evenly spaced directions (m even, as waves have no sign): 0 none
 * prefers any, 1 all. And the mean frequency.
 */
function structure(texture: Uint8Array): { strength: (m: number) => number; frequency: number } {
  const spectrum = power(texture);
  const waves = Array.from(spectrum, (p, i) => {
    const fx = (((i % SIZE) + SIZE / 2) % SIZE) - SIZE / 2;
    const fy = ((Math.floor(i / SIZE) + SIZE / 2) % SIZE) - SIZE / 2;
    return { p, angle: Math.atan2(fy, fx), f: Math.hypot(fx, fy) / SIZE };
  });
  const total = waves.reduce((sum, { p }) => sum + p, 0);
  return {
    strength: (m) =>
      Math.hypot(
        waves.reduce((sum, { p, angle }) => sum + p * Math.cos(m * angle), 0),
        waves.reduce((sum, { p, angle }) => sum + p * Math.sin(m * angle), 0),
      ) / total,
    frequency: waves.reduce((sum, { p, f }) => sum + p * f, 0) / total,
  };
}

describe('proceduralTexture', () => {
  it('has one histogram, whatever the family, so one mean and variance', () => {
    for (const kind of kinds) {
      for (const texture of instances(kind)) {
        const counts = new Array<number>(256).fill(0);
        for (const value of texture) counts[value] = (counts[value] ?? 0) + 1;
        counts.forEach((count, level) => {
          if (level < 32 || level > 223) expect(count).toBe(0);
          else expect(Math.abs(count - texture.length / 192)).toBeLessThan(1);
        });
        const mean = texture.reduce((a, b) => a + b, 0) / texture.length;
        const variance = texture.reduce((a, b) => a + (b - mean) ** 2, 0) / texture.length;
        expect(Math.abs(mean - 127.5)).toBeLessThan(0.02);
        expect(Math.abs(variance - (192 ** 2 - 1) / 12)).toBeLessThan(1);
      }
    }
  });

  it(
    'is told apart by structure: waves gather around as many orientations as the family has, ' +
      'evenly for the noise',
    () => {
      for (const kind of kinds) {
        for (const texture of instances(kind, 4)) {
          const { strength } = structure(texture);
          for (const orientations of [1, 2, 3, 4]) {
            const value = strength(2 * orientations);
            // The strength at a multiple of a family's own number is high too; at other numbers
            // there is nothing.
            if (kind === orientations) expect(value, `${kind} orientations`).toBeGreaterThan(0.5);
            else if (kind === 0 || orientations % kind !== 0)
              expect(value, `${kind} orientations, strength of ${orientations}`).toBeLessThan(0.25);
          }
        }
      }
    },
  );

  it('has the same band of frequencies in each family', () => {
    const means = kinds.map((kind) =>
      instances(kind, 4).map((texture) => structure(texture).frequency),
    );
    for (const frequencies of means)
      for (const frequency of frequencies) {
        expect(frequency).toBeGreaterThan(0.1);
        expect(frequency).toBeLessThan(0.4);
      }
    // The same draw of the scale gives the same mean frequency in each family.
    const ofOneDraw = kinds.map(
      (kind) => structure(proceduralTexture(kind, SIZE, Random.from(3))).frequency,
    );
    expect(Math.max(...ofOneDraw) - Math.min(...ofOneDraw)).toBeLessThan(0.02);
  });

  it('joins at its edges', () => {
    const jump = (texture: Uint8Array, a: (i: number) => number, b: (i: number) => number) => {
      let sum = 0;
      for (let i = 0; i < SIZE; i++) sum += Math.abs((texture[a(i)] ?? 0) - (texture[b(i)] ?? 0));
      return sum / SIZE;
    };
    const column = (x: number) => (i: number) => i * SIZE + x;
    const row = (y: number) => (i: number) => y * SIZE + i;
    const inside: number[] = [];
    const across: number[] = [];
    for (const texture of instances(0)) {
      inside.push(jump(texture, column(60), column(61)), jump(texture, row(60), row(61)));
      across.push(jump(texture, column(SIZE - 1), column(0)), jump(texture, row(SIZE - 1), row(0)));
    }
    const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length;
    expect(mean(across)).toBeLessThan(1.3 * mean(inside));
  });

  it('repeats itself, and differs from instance to instance', () => {
    const [a, b] = instances(1, 2);
    expect(instances(1, 1)[0]).toEqual(a);
    expect(a).not.toEqual(b);
  });
});
