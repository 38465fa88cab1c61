// The dense methods' formulas against numbers that PyTorch computed in float64 (fixtures/methods.json, made by tools/fixtures/methods.py).
import { readFileSync } from 'node:fs';
import { tf, valueAndGradients, type Rank, type Scalar, type Tensor, type Tensor3D } from '@noisy-pairs/engine';
import { describe, expect, it, test } from 'vitest';
import { denseClLoss, matchPixels, pooledKeys } from './densecl.ts';
import { contrastLogits, contrastLoss, infoNce, unitRows } from './info-nce.ts';
import { pixContrastLoss, pixContrastLosses } from './pixcontrast.ts';
import { cellDistances, cosines, samePlace, unitPixels } from './pixel-match.ts';
import { pixProLoss, propagatePixels } from './pixpro.ts';

interface Oracle {
  readonly A_tiny: Readonly<Record<string, number>>;
  readonly B_densecl: { readonly match_idx: number[][]; readonly dense_loss: number; readonly enqueued_k2: number[]; readonly wrong_mean_of_normalised: number[]; readonly total_lambda_half: number };
  readonly C_mask_count_7x7: Readonly<Record<string, number>>;
  readonly C_mask_count_8x8_full_full: number;
  readonly C_neighbour_distance: number;
  readonly C_pixpro: { readonly mask: number[][]; readonly dist_row0: number[]; readonly one_direction_loss: number };
  readonly D_ppm_p2_identity: { readonly att: number[]; readonly y_official: number[] };
  readonly D_ppm_tiny: { readonly y: number[] };
  readonly 'E_pixcontrast_T0.3': { readonly per_pixel: number[]; readonly pixels_with_positive: number; readonly mean: number };
  readonly 'L_rince_q0.5_lam0.025_on_A': number;
  readonly M_chance_K4096_d128: Readonly<Record<string, { readonly simulated: number }>>;
}
const oracle = JSON.parse(readFileSync(new URL('fixtures/methods.json', import.meta.url), 'utf8')) as Oracle;

/** The oracle's inputs. */
const sines = (shape: number[], a: number, b: number) => Float32Array.from({ length: shape.reduce((n, side) => n * side, 1) }, (_, i) => Math.sin(a * (i + 1) + b));
const fill2d = (shape: [number, number], a: number, b: number) => tf.tensor2d(sines(shape, a, b), shape);
const fill3d = (shape: [number, number, number], a: number, b: number) => tf.tensor3d(sines(shape, a, b), shape);
const values = (t: Tensor) => [...t.dataSync()];
function expectClose(got: Tensor, expected: readonly number[], digits = 5): void {
  const list = values(got);
  expect(list.length).toBe(expected.length);
  list.forEach((value, i) => { expect(value).toBeCloseTo(expected[i] ?? NaN, digits); });
}
/** PixPro's coordinates x0, y0, x1, y1 (x0 > x1 for a flipped view) as a frame. */
const frame = (x0: number, y0: number, x1: number, y1: number) => tf.tensor2d([[x1 - x0, 0, x0, 0, y1 - y0, y0]]);

/** Gradients by the engine against finite differences of the loss, at a few entries. */
function expectGradient(loss: (x: Tensor3D) => Scalar, at: Tensor3D, entries = [0, 3, 7, 11]): void {
  const { gradients } = valueAndGradients(({ x }) => ({ loss: loss(x as Tensor3D), aux: {} }), { x: at });
  const analytic = values(gradients['x'] as Tensor), start = values(at);
  for (const i of entries) {
    const moved = (by: number) => values(loss(tf.tensor3d(start.map((v, j) => (j === i ? v + by : v)), at.shape)))[0] ?? NaN;
    expect((moved(1e-2) - moved(-1e-2)) / 2e-2).toBeCloseTo(analytic[i] ?? NaN, 3);
  }
  expect(Math.hypot(...analytic)).toBeGreaterThan(1e-3);
}

const queue = unitRows(fill2d([5, 4], 0.9, 0.2));

describe('DenseCL', () => {
  const qb = fill3d([2, 4, 6], 0.31, 0.2), kb = fill3d([2, 4, 6], 0.47, 0.9);
  const qg = fill3d([2, 4, 4], 0.83, 0.4), kg = fill3d([2, 4, 4], 0.59, 0.7);
  it('matches pixels by features of the encoder', () => { expect(matchPixels(qb, kb).arraySync()).toEqual(oracle.B_densecl.match_idx); });
  it('has PyTorch\'s loss, also mixed half and half with that of images', () => {
    const dense = denseClLoss(qb, kb, qg, kg, queue, 0.2);
    expectClose(dense, [oracle.B_densecl.dense_loss]);
    const { loss } = infoNce(unitRows(fill2d([3, 4], 0.7, 0.1)), unitRows(fill2d([3, 4], 0.5, 0.3)), queue, 0.2);
    expectClose(loss.add(dense).div(2), [oracle.B_densecl.total_lambda_half]);
  });
  it('enqueues the mean of pixels that were not normalised', () => {
    expectClose(pooledKeys(kg), oracle.B_densecl.enqueued_k2);
    expect(values(pooledKeys(unitPixels(kg)))[0]).toBeCloseTo(oracle.B_densecl.wrong_mean_of_normalised[0] ?? NaN, 5); // so the two can be told apart
  });
  it('has the gradient of its loss', () => { expectGradient((x) => denseClLoss(qb, kb, x, kg, queue, 0.2), qg); });
});

describe('places', () => {
  const views: Record<'full' | 'flipped' | 'half' | 'centre' | 'off', [number, number, number, number]> = { full: [0, 0, 1, 1], flipped: [1, 0, 0, 1], half: [0, 0, 0.5, 0.5], centre: [0.25, 0.25, 0.75, 0.75], off: [0.6, 0.6, 1, 1] };
  const count = (a: keyof typeof views, b: keyof typeof views, edge = 7) => values(samePlace(frame(...views[a]), frame(...views[b]), edge, 0.7).sum())[0];
  it('agree as PixPro\'s masks do', () => {
    const counts = oracle.C_mask_count_7x7;
    expect(count('full', 'full')).toBe(counts['full/full']);
    expect(count('full', 'flipped')).toBe(counts['full/flipped']);
    expect(count('full', 'half')).toBe(counts['full/top-left-half']);
    expect(count('full', 'centre')).toBe(counts['full/centre-half']);
    expect(count('half', 'centre')).toBe(counts['topleft-half/centre-half']);
    expect(count('half', 'off')).toBe(counts['topleft-half/0.6..1 (no overlap)']);
    expect(count('full', 'full', 8)).toBe(oracle.C_mask_count_8x8_full_full);
    expect(values(cellDistances(frame(...views.full), frame(...views.full), 7))[1]).toBeCloseTo(oracle.C_neighbour_distance, 6);
  });
  it('a view turned by a quarter shows the same places in another order', () => {
    const turned = tf.tensor2d([[0, -1, 1, 1, 0, 0]]); // x = 1 - v, y = u
    const same = samePlace(frame(...views.full), turned, 3, 0.7).arraySync();
    // Cell (row, column) of the image is cell (row', column') of the view with x = column = 2 - row', y = row = column'.
    for (let row = 0; row < 3; row++) for (let column = 0; column < 3; column++) expect(same[0]?.[row * 3 + column]?.indexOf(1)).toBe((2 - column) * 3 + row);
  });
});

// Two directions of sight, the second flipped.
const same = samePlace(frame(0, 0, 0.8, 0.8), frame(0.9, 0.1, 0.3, 0.7), 3, 0.7);
const qq = unitPixels(fill3d([1, 9, 4], 0.41, 0.3)), kk = unitPixels(fill3d([1, 9, 4], 0.67, 0.5));
const nothing: Tensor3D = tf.zeros([1, 9, 9]);

describe('PixPro', () => {
  it('has PyTorch\'s mask, distances and loss', () => {
    expect(same.arraySync()).toEqual([oracle.C_pixpro.mask]);
    expectClose(cellDistances(frame(0, 0, 0.8, 0.8), frame(0.9, 0.1, 0.3, 0.7), 3).slice([0, 0, 0], [1, 1, 9]), oracle.C_pixpro.dist_row0);
    expectClose(pixProLoss(qq, kk, same), [oracle.C_pixpro.one_direction_loss]);
  });
  it('propagates pixels as the official code does', () => {
    const x = fill3d([1, 4, 4], 0.37, 0.6);
    expectClose(unitPixels(propagatePixels(x, (rows) => rows)), oracle.D_ppm_p2_identity.y_official);
    const unit = unitPixels(x);
    expectClose(cosines(unit, unit).relu().square(), oracle.D_ppm_p2_identity.att);
    expectClose(unitPixels(propagatePixels(tf.tensor3d([[[1, 0], [0.6, 0.8]]]), (rows) => rows)), oracle.D_ppm_tiny.y);
  });
  it('is at its optimum -2 a direction for constant features, and 0 without overlap', () => {
    const constant = unitPixels(tf.ones([1, 9, 4]));
    expectClose(pixProLoss(constant, constant, same), [-2]);
    expectClose(pixProLoss(qq, kk, nothing), [0]);
  });
  it('has the gradient of its loss', () => { expectGradient((x) => pixProLoss(unitPixels(propagatePixels(x, (rows) => rows)), kk, same), fill3d([1, 9, 4], 0.41, 0.3)); });
});

describe('PixContrast', () => {
  const expected = oracle['E_pixcontrast_T0.3'];
  it('has PyTorch\'s losses of pixels, 0 where the other view does not show them', () => {
    const losses = values(pixContrastLosses(qq, kk, same, 0.3));
    const shown = oracle.C_pixpro.mask.flatMap((row, i) => (row.includes(1) ? [i] : []));
    expect(shown.length).toBe(expected.pixels_with_positive);
    shown.forEach((pixel, i) => { expect(losses[pixel]).toBeCloseTo(expected.per_pixel[i] ?? NaN, 5); });
    losses.forEach((loss, pixel) => { if (!shown.includes(pixel)) expect(loss).toBe(0); });
    expectClose(pixContrastLoss(qq, kk, same, 0.3), [expected.mean]);
    expectClose(pixContrastLoss(qq, kk, nothing, 0.3), [0]);
  });
  it('has the gradient of its loss', () => { expectGradient((x) => pixContrastLoss(unitPixels(x), kk, same, 0.3), fill3d([1, 9, 4], 0.41, 0.3), [4, 5, 6, 7]); });
});

describe('RINCE', () => {
  const logits = contrastLogits(unitRows(fill2d([3, 4], 0.7, 0.1)), unitRows(fill2d([3, 4], 0.5, 0.3)), queue, 0.2);
  it('has PyTorch\'s value', () => { expectClose(contrastLoss(logits, { q: 0.5, lambda: 0.025 }).mean(), [oracle['L_rince_q0.5_lam0.025_on_A']], 4); });
  it('becomes InfoNCE plus log lambda as q goes to 0', () => {
    const near = contrastLoss(logits, { q: 1e-3, lambda: 0.5 }), nce = contrastLoss(logits).add(Math.log(0.5));
    expectClose(near.sub(nce).div(nce.abs().add(1)), [0, 0, 0], 1);
  });
  it('refuses what is out of range', () => { expect(() => contrastLoss(logits, { q: 0, lambda: 0.025 })).toThrow('RINCE q: expected a number above 0 and up to 1, got 0'); });
});

test('InfoNCE of logits 1, 0, -1 over T is PyTorch\'s', () => {
  for (const [name, expected] of Object.entries(oracle.A_tiny)) expect(values(contrastLoss(tf.tensor2d([[1, 0, -1]]).div(Number(name.slice(1)))))[0]).toBeCloseTo(expected, 6);
});

test('random embeddings have the loss that PyTorch\'s have: ln(1 + K) + 1 / (2 D T^2)', () => {
  const normal = (rows: number, seed: number) => unitRows(tf.randomNormal<Rank.R2>([rows, 128], 0, 1, 'float32', seed));
  const [q, k, keys] = [normal(256, 1), normal(256, 2), normal(4096, 3)];
  for (const [name, { simulated }] of Object.entries(oracle.M_chance_K4096_d128)) {
    const loss = values(infoNce(q, k, keys, Number(name.slice(1))).loss)[0] ?? NaN;
    expect(Math.abs(loss - simulated)).toBeLessThan(0.35 * (0.07 / Number(name.slice(1))) + 0.05); // another draw
  }
});
