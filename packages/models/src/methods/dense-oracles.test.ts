// The dense methods' formulas against numbers that PyTorch computed in float64
// (fixtures/methods.json, made by tools/fixtures/methods.py).
import { readFileSync } from 'node:fs';
import {
  tf,
  valueAndGradients,
  type Rank,
  type Scalar,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
} from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import { describe, expect, it, test } from 'vitest';
import { denseCl, denseClLoss, matchedPixels, matchPixels, pooledKeys } from './densecl.ts';
import { contrastLogits, contrastLoss, infoNce, unitRows } from './contrast/info-nce.ts';
import { moco } from './moco.ts';
import { pixContrast, pixContrastLoss, pixContrastLosses } from './pixcontrast.ts';
import { pixelDistances, cosines, samePlace, unitPixels } from './contrast/pixel-match.ts';
import { pixPro, pixProLoss, propagatePixels } from './pixpro.ts';
import { resnet } from '../networks/resnet.ts';
import { pointContrast, vader } from './vader.ts';

interface Oracle {
  readonly 'A_infonce_T0.2': {
    readonly loss: number;
    readonly logits: number[];
    readonly grad_q_raw: number[];
    readonly acc1: number;
  };
  readonly A_chance: Readonly<Record<string, number>>;
  readonly A_tiny: Readonly<Record<string, number>>;
  readonly B_densecl: {
    readonly match_idx: number[][];
    readonly dense_loss: number;
    readonly pos: number[];
    readonly enqueued_k2: number[];
    readonly wrong_mean_of_normalised: number[];
    readonly total_lambda_half: number;
  };
  readonly C_mask_count_7x7: Readonly<Record<string, number>>;
  readonly C_mask_count_8x8_full_full: number;
  readonly C_neighbour_distance: number;
  readonly C_pixpro: {
    readonly mask: number[][];
    readonly dist_row0: number[];
    readonly one_direction_loss: number;
  };
  readonly D_ppm_p2_identity: {
    readonly att: number[];
    readonly y_official: number[];
    readonly y_unnormalised_value: number[];
  };
  readonly D_ppm_tiny: { readonly att: number[]; readonly y: number[] };
  readonly 'E_pixcontrast_T0.3': {
    readonly per_pixel: number[];
    readonly pixels_with_positive: number;
    readonly mean: number;
    readonly lucidrains_global_ratio: number;
  };
  readonly F: { readonly pixpro_momentum: Readonly<Record<string, number>> };
  readonly 'L_rince_q0.5_lam0.025_on_A': number;
  readonly M_chance_K4096_d128: Readonly<
    Record<string, { readonly simulated: number; readonly formula: number }>
  >;
}
const oracle = JSON.parse(
  readFileSync(new URL('../fixtures/methods.json', import.meta.url), 'utf8'),
) as Oracle;

/** The oracle's inputs. */
const sines = (shape: number[], a: number, b: number) =>
  Float32Array.from({ length: shape.reduce((n, side) => n * side, 1) }, (_, i) =>
    Math.sin(a * (i + 1) + b),
  );
const fill2d = (shape: [number, number], a: number, b: number) =>
  tf.tensor2d(sines(shape, a, b), shape);
const fill3d = (shape: [number, number, number], a: number, b: number) =>
  tf.tensor3d(sines(shape, a, b), shape);
const values = (t: Tensor) => [...t.dataSync()];
function expectClose(got: Tensor, expected: readonly number[], digits = 5): void {
  const list = values(got);
  expect(list.length).toBe(expected.length);
  list.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i] ?? NaN, digits);
  });
}
/** PixPro's coordinates x0, y0, x1, y1 (x0 > x1 for a flipped view) as a frame. */
const frame = (x0: number, y0: number, x1: number, y1: number) =>
  tf.tensor2d([[x1 - x0, 0, x0, 0, y1 - y0, y0]]);

/** Gradients by the engine against finite differences of the loss, at a few entries. */
function expectGradient(
  loss: (x: Tensor3D) => Scalar,
  at: Tensor3D,
  entries = [0, 3, 7, 11],
): void {
  const { gradients } = valueAndGradients(({ x }) => ({ loss: loss(x), aux: {} }), {
    x: at,
  });
  const analytic = values(gradients['x']),
    start = values(at);
  for (const i of entries) {
    const moved = (by: number) =>
      values(
        loss(
          tf.tensor3d(
            start.map((v, j) => (j === i ? v + by : v)),
            at.shape,
          ),
        ),
      )[0] ?? NaN;
    expect((moved(1e-2) - moved(-1e-2)) / 2e-2).toBeCloseTo(analytic[i] ?? NaN, 3);
  }
  expect(Math.hypot(...analytic)).toBeGreaterThan(1e-3);
}

const queue = unitRows(fill2d([5, 4], 0.9, 0.2));
/** Case A's rows: raw queries, keys. */
const rawQ = fill2d([3, 4], 0.7, 0.1),
  rowsK = fill2d([3, 4], 0.5, 0.3);
/** How far apart two lists are at most. */
const apart = (got: Tensor, other: readonly number[]) =>
  Math.max(...values(got).map((value, i) => Math.abs(value - (other[i] ?? NaN))));

describe('InfoNCE', () => {
  const expected = oracle['A_infonce_T0.2'];
  it("has PyTorch's logits, loss, accuracy and gradient of the raw queries", () => {
    expectClose(contrastLogits(unitRows(rawQ), unitRows(rowsK), queue, 0.2), expected.logits);
    const { loss, aux, gradients } = valueAndGradients(
      ({ raw }) => {
        const result = infoNce(unitRows(raw), unitRows(rowsK), queue, 0.2);
        return { loss: result.loss, aux: { accuracy: result.accuracy } };
      },
      { raw: rawQ },
    );
    expectClose(loss, [expected.loss]);
    expectClose(aux['accuracy'], [expected.acc1]);
    expect(apart(gradients['raw'] as Tensor, expected.grad_q_raw)).toBeLessThan(2e-5);
  });
  it("has the chance level of PyTorch's", () => {
    for (const [name, level] of Object.entries(oracle.A_chance)) {
      const config = {
        dimensions: 8,
        hidden: 8,
        queueSize: Number(name.slice(1)),
        momentum: 0.9,
        temperature: 0.2,
      };
      expect(
        moco(resnet({ depth: 10, width: 4, stem: 'small', strides: [2] }), config).chanceLoss,
      ).toBeCloseTo(level, 6);
    }
  });
});

describe('DenseCL', () => {
  const qb = fill3d([2, 4, 6], 0.31, 0.2),
    kb = fill3d([2, 4, 6], 0.47, 0.9);
  const qg = fill3d([2, 4, 4], 0.83, 0.4),
    kg = fill3d([2, 4, 4], 0.59, 0.7);
  it('matches pixels by features of the encoder', () => {
    expect(matchPixels(qb, kb).arraySync()).toEqual(oracle.B_densecl.match_idx);
  });
  it("has PyTorch's positives", () => {
    const { q, k } = matchedPixels(qb, kb, qg, kg);
    expectClose(q.mul(k).sum(1), oracle.B_densecl.pos);
  });
  it("has PyTorch's loss, also mixed half and half with that of images", () => {
    const dense = denseClLoss(qb, kb, qg, kg, queue, 0.2);
    expectClose(dense, [oracle.B_densecl.dense_loss]);
    const { loss } = infoNce(unitRows(rawQ), unitRows(rowsK), queue, 0.2);
    expectClose(loss.add(dense).div(2), [oracle.B_densecl.total_lambda_half]);
  });
  it('enqueues the mean of pixels that were not normalised', () => {
    expectClose(pooledKeys(kg), oracle.B_densecl.enqueued_k2);
    expect(values(pooledKeys(unitPixels(kg)))[0]).toBeCloseTo(
      oracle.B_densecl.wrong_mean_of_normalised[0] ?? NaN,
      5,
    ); // so the two can be told apart
  });
  it('has the gradient of its loss', () => {
    expectGradient((x) => denseClLoss(qb, kb, x, kg, queue, 0.2), qg);
  });
});

describe('places', () => {
  const views: Record<
    'full' | 'flipped' | 'half' | 'centre' | 'off',
    [number, number, number, number]
  > = {
    full: [0, 0, 1, 1],
    flipped: [1, 0, 0, 1],
    half: [0, 0, 0.5, 0.5],
    centre: [0.25, 0.25, 0.75, 0.75],
    off: [0.6, 0.6, 1, 1],
  };
  const count = (a: keyof typeof views, b: keyof typeof views, edge = 7) =>
    values(samePlace(frame(...views[a]), frame(...views[b]), edge, 0.7).sum())[0];
  it("agree as PixPro's masks do", () => {
    const counts = oracle.C_mask_count_7x7;
    expect(count('full', 'full')).toBe(counts['full/full']);
    expect(count('full', 'flipped')).toBe(counts['full/flipped']);
    expect(count('full', 'half')).toBe(counts['full/top-left-half']);
    expect(count('full', 'centre')).toBe(counts['full/centre-half']);
    expect(count('half', 'centre')).toBe(counts['topleft-half/centre-half']);
    expect(count('half', 'off')).toBe(counts['topleft-half/0.6..1 (no overlap)']);
    expect(count('full', 'full', 8)).toBe(oracle.C_mask_count_8x8_full_full);
    expect(values(pixelDistances(frame(...views.full), frame(...views.full), 7))[1]).toBeCloseTo(
      oracle.C_neighbour_distance,
      6,
    );
  });
  it('a view turned by a quarter shows the same places in another order', () => {
    const turned = tf.tensor2d([[0, -1, 1, 1, 0, 0]]); // x = 1 - v, y = u
    const same = samePlace(frame(...views.full), turned, 3, 0.7).arraySync();
    // Pixel (row, column) of the image is pixel (row', column') of the view with x = column = 2 -
    // row', y = row = column'.
    for (let row = 0; row < 3; row++)
      for (let column = 0; column < 3; column++)
        expect(same[0]?.[row * 3 + column]?.indexOf(1)).toBe((2 - column) * 3 + row);
  });
});

// Two directions of sight, the second flipped.
const same = samePlace(frame(0, 0, 0.8, 0.8), frame(0.9, 0.1, 0.3, 0.7), 3, 0.7);
const qq = unitPixels(fill3d([1, 9, 4], 0.41, 0.3)),
  kk = unitPixels(fill3d([1, 9, 4], 0.67, 0.5));
const nothing: Tensor3D = tf.zeros([1, 9, 9]);

describe('PixPro', () => {
  it("has PyTorch's mask, distances and loss", () => {
    expect(same.arraySync()).toEqual([oracle.C_pixpro.mask]);
    expectClose(
      pixelDistances(frame(0, 0, 0.8, 0.8), frame(0.9, 0.1, 0.3, 0.7), 3).slice(
        [0, 0, 0],
        [1, 1, 9],
      ),
      oracle.C_pixpro.dist_row0,
    );
    expectClose(pixProLoss(qq, kk, same), [oracle.C_pixpro.one_direction_loss]);
  });
  it('propagates pixels as the official code does', () => {
    const x = fill3d([1, 4, 4], 0.37, 0.6);
    expectClose(
      unitPixels(propagatePixels(x, (rows) => rows)),
      oracle.D_ppm_p2_identity.y_official,
    );
    const unit = unitPixels(x);
    expectClose(cosines(unit, unit).relu().square(), oracle.D_ppm_p2_identity.att);
    const tiny = tf.tensor3d([
      [
        [1, 0],
        [0.6, 0.8],
      ],
    ]);
    expectClose(cosines(tiny, tiny).relu().square(), oracle.D_ppm_tiny.att);
    expectClose(unitPixels(propagatePixels(tiny, (rows) => rows)), oracle.D_ppm_tiny.y);
    // Without the values' normalisation, as PixPro-TF and lucidrains have it, it would be another:
    // so the two can be told apart.
    const unnormalised = oracle.D_ppm_p2_identity.y_unnormalised_value;
    expectClose(unitPixels(tf.matMul(cosines(unit, unit).relu().square(), x)), unnormalised);
    expect(apart(unitPixels(propagatePixels(x, (rows) => rows)), unnormalised)).toBeGreaterThan(
      0.02,
    );
  });
  it('has the official momentum of its key network: half a cosine from m to 1', () => {
    const { extras } = pixPro(resnet({ depth: 10, width: 4, stem: 'small', strides: [2] }), {
      dimensions: 8,
      hidden: 8,
      queueSize: 8,
      momentum: 0.99,
      temperature: 1,
      instanceWeight: 0,
      distance: 0.7,
    });
    for (const [progress, expected] of Object.entries(oracle.F.pixpro_momentum)) {
      const made = extras?.values({
        frames: { query: new Float32Array(6), key: new Float32Array(6) },
        viewSize: 8,
        progress: Number(progress),
        random: Random.from(0),
      });
      expect((made?.keyMomentum as Float32Array)[0]).toBeCloseTo(expected, 7);
    }
  });
  it('is at its optimum -2 a direction for constant features, and 0 without overlap', () => {
    const constant = unitPixels(tf.ones([1, 9, 4]));
    expectClose(pixProLoss(constant, constant, same), [-2]);
    expectClose(pixProLoss(qq, kk, nothing), [0]);
  });
  it('has the gradient of its loss', () => {
    expectGradient(
      (x) => pixProLoss(unitPixels(propagatePixels(x, (rows) => rows)), kk, same),
      fill3d([1, 9, 4], 0.41, 0.3),
    );
  });
});

describe('PixContrast', () => {
  const expected = oracle['E_pixcontrast_T0.3'];
  it("has PyTorch's losses of pixels, 0 where the other view does not show them", () => {
    const losses = values(pixContrastLosses(qq, kk, same, 0.3));
    const shown = oracle.C_pixpro.mask.flatMap((row, i) => (row.includes(1) ? [i] : []));
    expect(shown.length).toBe(expected.pixels_with_positive);
    shown.forEach((pixel, i) => {
      expect(losses[pixel]).toBeCloseTo(expected.per_pixel[i] ?? NaN, 5);
    });
    losses.forEach((loss, pixel) => {
      if (!shown.includes(pixel)) expect(loss).toBe(0);
    });
    expectClose(pixContrastLoss(qq, kk, same, 0.3), [expected.mean]);
    expectClose(pixContrastLoss(qq, kk, nothing, 0.3), [0]);
    // lucidrains' one logarithm of global sums is another loss, far from ours.
    const weights = cosines(qq, kk).div(0.3).exp();
    expectClose(weights.mul(same).sum().div(weights.sum()).log().neg(), [
      expected.lucidrains_global_ratio,
    ]);
    expect(
      Math.abs(
        expected.lucidrains_global_ratio - (values(pixContrastLoss(qq, kk, same, 0.3))[0] ?? NaN),
      ),
    ).toBeGreaterThan(0.1);
  });
  it('has the gradient of its loss', () => {
    expectGradient(
      (x) => pixContrastLoss(unitPixels(x), kk, same, 0.3),
      fill3d([1, 9, 4], 0.41, 0.3),
      [4, 5, 6, 7],
    );
  });
});

describe('VADeR', () => {
  const int = (...list: number[]) => tf.tensor1d(list, 'int32');
  /**
   * Case A's rows among others, in another order: query i is row [4, 0, 2][i] of its map, its key
   * row [1, 5, 3][i].
   */
  const among = (rows: Tensor2D, places: number[]) => {
    const map = [...fill2d([6, 4], 1.7, 0.8).arraySync()];
    rows.arraySync().forEach((row, i) => {
      map[places[i] ?? NaN] = row;
    });
    return tf.tensor2d(map);
  };
  const qMap = among(rawQ, [4, 0, 2]),
    kMap = among(rowsK, [1, 5, 3]);
  const points = {
    queryPositions: int(4, 0, 2),
    keyPositions: int(1, 5, 3),
    pointWeights: tf.ones<Rank.R1>([3]),
  };
  it("has case A's loss and accuracy where its points are A's rows", () => {
    const { loss, accuracy } = pointContrast(qMap, kMap, points, queue, 0.2);
    expectClose(loss, [oracle['A_infonce_T0.2'].loss]);
    expectClose(accuracy, [oracle['A_infonce_T0.2'].acc1]);
  });
  it('leaves points out that match nothing, and is 0 if none does', () => {
    const more = {
      queryPositions: int(4, 5, 0, 2),
      keyPositions: int(1, 0, 5, 3),
      pointWeights: tf.tensor1d([1, 0, 1, 1]),
    };
    const matched = pointContrast(qMap, kMap, more, queue, 0.2);
    expectClose(matched.loss, [oracle['A_infonce_T0.2'].loss]);
    expectClose(matched.accuracy, [oracle['A_infonce_T0.2'].acc1]);
    expectClose(
      pointContrast(qMap, kMap, { ...points, pointWeights: tf.zeros([3]) }, queue, 0.2).loss,
      [0],
    );
  });
  it('has the gradient of its loss, also of a pixel that two points share', () => {
    const shared = {
      queryPositions: int(4, 0, 4),
      keyPositions: int(1, 5, 3),
      pointWeights: tf.tensor1d([1, 1, 1]),
    };
    expectGradient(
      (x) => pointContrast(x.reshape<Tensor2D>([6, 4]), kMap, shared, queue, 0.2).loss,
      qMap.reshape<Tensor3D>([1, 6, 4]),
      [0, 3, 16, 17, 5],
    );
  });
});

describe('RINCE', () => {
  const logits = contrastLogits(unitRows(rawQ), unitRows(rowsK), queue, 0.2);
  it("has PyTorch's value", () => {
    expectClose(
      contrastLoss(logits, { q: 0.5, lambda: 0.025 }).mean(),
      [oracle['L_rince_q0.5_lam0.025_on_A']],
      4,
    );
  });
  it('becomes InfoNCE plus log lambda as q goes to 0', () => {
    const near = contrastLoss(logits, { q: 1e-3, lambda: 0.5 }),
      nce = contrastLoss(logits).add(Math.log(0.5));
    expectClose(near.sub(nce).div(nce.abs().add(1)), [0, 0, 0], 1);
  });
  it('refuses what is out of range', () => {
    expect(() => contrastLoss(logits, { q: 0, lambda: 0.025 })).toThrow(
      'RINCE q: expected a number above 0 and up to 1, got 0',
    );
  });
});

test("InfoNCE of logits 1, 0, -1 over T is PyTorch's", () => {
  for (const [name, expected] of Object.entries(oracle.A_tiny))
    expect(
      values(contrastLoss(tf.tensor2d([[1, 0, -1]]).div(Number(name.slice(1)))))[0],
    ).toBeCloseTo(expected, 6);
});

test("random embeddings have the loss that PyTorch's have: ln(1 + K) + 1 / (2 D T^2)", () => {
  const normal = (rows: number, seed: number) =>
    unitRows(tf.randomNormal<Rank.R2>([rows, 128], 0, 1, 'float32', seed));
  const [q, k, keys] = [normal(256, 1), normal(256, 2), normal(4096, 3)];
  for (const [name, { simulated }] of Object.entries(oracle.M_chance_K4096_d128)) {
    const loss = values(infoNce(q, k, keys, Number(name.slice(1))).loss)[0] ?? NaN;
    // another draw
    expect(Math.abs(loss - simulated)).toBeLessThan(0.35 * (0.07 / Number(name.slice(1))) + 0.05);
  }
});

describe('randomLoss', () => {
  const encoder = resnet({ depth: 10, width: 4, stem: 'small', strides: [2] });
  const config = {
    dimensions: 128,
    hidden: 8,
    queueSize: 4096,
    momentum: 0.9,
    instanceWeight: 0.5,
    distance: 0.7,
    points: 4,
  };
  it("is PyTorch's formula, of MoCo, DenseCL and VADeR", () => {
    for (const [name, { formula }] of Object.entries(oracle.M_chance_K4096_d128)) {
      const temperature = Number(name.slice(1));
      for (const make of [moco, denseCl, vader])
        expect(make(encoder, { ...config, temperature }).randomLoss).toBeCloseTo(formula, 2);
    }
  });
  it(
    'is the loss of random embeddings, of pixels too: to a tenth of what sets it apart from ' +
      'chance',
    () => {
      const settings = { ...config, dimensions: 32, queueSize: 1024, temperature: 0.2 };
      const { randomLoss = NaN, chanceLoss = NaN } = denseCl(encoder, settings);
      const normal = (shape: [number, number, number], seed: number) =>
        tf.randomNormal<Rank.R3>(shape, 0, 1, 'float32', seed);
      const loss = denseClLoss(
        normal([8, 256, 4], 1),
        normal([8, 256, 4], 2),
        normal([8, 256, 32], 3),
        normal([8, 256, 32], 4),
        unitRows(normal([1, 1024, 32], 5).reshape([1024, 32])),
        0.2,
      );
      expect(Math.abs((values(loss)[0] ?? NaN) - randomLoss)).toBeLessThan(
        0.1 * (randomLoss - chanceLoss),
      );
    },
  );
  it("is not told where it depends on the overlap, tells nothing, or is RINCE's", () => {
    const settings = { ...config, temperature: 0.2 };
    for (const method of [
      pixContrast(encoder, settings),
      pixPro(encoder, settings),
      moco(encoder, { ...settings, robust: { q: 0.5, lambda: 0.025 } }),
    ])
      expect(method.randomLoss).toBeUndefined();
  });
});
