import { openProgram, tf } from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import { drawView, mocoV2Views, type ViewBatch, type ViewPolicy } from '@noisy-pairs/pairs';
import { describe, expect, it } from 'vitest';
import { viewSpecs, viewTensors, viewValues } from './view-inputs.ts';
import { applyViews, viewFunction } from './views.ts';

const nothing: ViewPolicy = {
  size: 8,
  scale: [1, 1],
  ratio: [1, 1],
  flip: 0,
  flipVertical: 0,
  quarterTurns: false,
  jitter: { probability: 0, brightness: 0, contrast: 0, saturation: 0, hue: 0 },
  grey: 0,
  blur: { probability: 0, sigma: [0, 0] },
};
const everything: ViewPolicy = {
  ...nothing,
  flip: 0.5,
  flipVertical: 0.5,
  quarterTurns: true,
  jitter: { probability: 0.8, brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 },
  grey: 0.2,
  blur: { probability: 0.5, sigma: [0.1, 2] },
};
const asIs = { mean: [0, 0, 0], std: [1, 1, 1] } as const;

function viewsOf(count: number, change: Partial<ViewBatch> = {}): ViewBatch {
  const rows = (row: readonly number[]) =>
    Float32Array.from({ length: count * row.length }, (_, i) => row[i % row.length] ?? 0);
  return {
    boxes: rows([0, 0, 1, 1]),
    turns: rows([0]),
    flips: rows([0, 0]),
    colour: rows([1, 1, 1, 0]),
    grey: rows([0]),
    sigma: rows([0]),
    ...change,
  };
}

const imagesOf = (count: number, size: number) => {
  const random = Random.from('images');
  return Uint8Array.from({ length: count * size * size * 3 }, () => random.int(256));
};

/** The image [size][size][3] of view b in 0..1, by loops over pixels. */
type Image = number[][][];
const at = (image: Image, y: number, x: number) => image[y]?.[x] ?? [NaN, NaN, NaN];
const build = (size: number, pixel: (y: number, x: number) => number[]): Image =>
  Array.from({ length: size }, (_, y) => Array.from({ length: size }, (_, x) => pixel(y, x)));
const mapped = (image: Image, f: (pixel: number[]) => number[]) => image.map((row) => row.map(f));
const clamp = (v: number) => Math.min(1, Math.max(0, v));
const lumaOf = (p: readonly number[]) =>
  0.2989 * (p[0] ?? NaN) + 0.587 * (p[1] ?? NaN) + 0.114 * (p[2] ?? NaN);

function slowView(source: Image, view: number, views: ViewBatch, size: number): Image {
  const edge = source.length;
  const [y0 = 0, x0 = 0, y1 = 0, x1 = 0] = views.boxes.subarray(view * 4);
  const border = (i: number) => Math.min(edge - 1, Math.max(0, i));
  let image = build(size, (i, j) => {
    const y = edge * (y0 + ((i + 0.5) / size) * (y1 - y0)) - 0.5;
    const x = edge * (x0 + ((j + 0.5) / size) * (x1 - x0)) - 0.5;
    const [top, left] = [Math.floor(y), Math.floor(x)];
    return [0, 1, 2].map((c) => {
      let sum = 0;
      for (const [row, wy] of [
        [top, 1 - (y - top)],
        [top + 1, y - top],
      ] as const) {
        for (const [column, wx] of [
          [left, 1 - (x - left)],
          [left + 1, x - left],
        ] as const) {
          sum += wy * wx * (at(source, border(row), border(column))[c] ?? NaN);
        }
      }
      return sum;
    });
  });
  for (let turn = 0; turn < (views.turns[view] ?? 0); turn++) {
    const before = image;
    // counter-clockwise: the right column becomes the top row
    image = build(size, (y, x) => at(before, x, size - 1 - y));
  }
  if (views.flips[view * 2]) image = image.map((row) => [...row].reverse());
  if (views.flips[view * 2 + 1]) image = [...image].reverse();

  const [brightness = 1, contrast = 1, saturation = 1, hue = 0] = views.colour.subarray(view * 4);
  image = mapped(image, (p) => p.map((v) => clamp(v * brightness)));
  const mean = image.flat().reduce((sum, p) => sum + lumaOf(p), 0) / size ** 2;
  image = mapped(image, (p) => p.map((v) => clamp(v * contrast + mean * (1 - contrast))));
  image = mapped(image, (p) => p.map((v) => clamp(v * saturation + lumaOf(p) * (1 - saturation))));
  if (hue !== 0)
    image = mapped(image, ([r = 0, g = 0, b = 0]) => {
      // constants of three and four digits, hence the tolerance of 2e-3 wherever hue is involved
      const y = 0.299 * r + 0.587 * g + 0.114 * b;
      const i = 0.5959 * r - 0.2746 * g - 0.3213 * b;
      const q = 0.2115 * r - 0.5227 * g + 0.3112 * b;
      const angle = Math.atan2(q, i) - 2 * Math.PI * hue;
      const chroma = Math.hypot(i, q);
      const [i2, q2] = [chroma * Math.cos(angle), chroma * Math.sin(angle)];
      return [
        y + 0.956 * i2 + 0.619 * q2,
        y - 0.272 * i2 - 0.647 * q2,
        y - 1.106 * i2 + 1.703 * q2,
      ].map(clamp);
    });
  if (views.grey[view]) image = mapped(image, (p) => [lumaOf(p), lumaOf(p), lumaOf(p)]);

  const sigma = views.sigma[view] ?? 0;
  if (sigma > 0) {
    const reach = Math.ceil(3 * everything.blur.sigma[1]);
    const kernel = Array.from({ length: 2 * reach + 1 }, (_, k) =>
      Math.exp(-((k - reach) ** 2) / (2 * sigma ** 2)),
    );
    const total = kernel.reduce((sum, w) => sum + w, 0);
    const mirror = (i: number) => (i < 0 ? -i : i >= size ? 2 * (size - 1) - i : i);
    const before = image;
    image = build(size, (y, x) =>
      [0, 1, 2].map((c) => {
        let sum = 0;
        for (const [dy, wy] of kernel.entries()) {
          for (const [dx, wx] of kernel.entries())
            sum +=
              (wy * wx * (at(before, mirror(y + dy - reach), mirror(x + dx - reach))[c] ?? NaN)) /
              total ** 2;
        }
        return sum;
      }),
    );
  }
  return image;
}

/** Both ways, and the largest difference in 0..1. */
function difference(policy: ViewPolicy, imageSize: number, views: ViewBatch): number {
  const count = views.turns.length;
  const images = imagesOf(count, imageSize);
  const fast = applyViews(images, imageSize, views, policy, asIs);
  expect(fast.shape).toEqual([count, policy.size, policy.size, 3]);
  const values = fast.dataSync();
  fast.dispose();
  let largest = 0;
  for (let b = 0; b < count; b++) {
    const source = build(imageSize, (y, x) =>
      [0, 1, 2].map((c) => (images[((b * imageSize + y) * imageSize + x) * 3 + c] ?? NaN) / 255),
    );
    const slow = slowView(source, b, views, policy.size).flat(2);
    slow.forEach((v, i) => {
      largest = Math.max(largest, Math.abs(v - (values[b * slow.length + i] ?? NaN)));
    });
    expect(slow.some(Number.isNaN)).toBe(false);
  }
  return largest;
}

describe('views', () => {
  it('leaves whole images as they are, without and with every operation built in', () => {
    expect(difference(nothing, 8, viewsOf(3))).toBeLessThan(1e-5);
    expect(difference(everything, 8, viewsOf(3))).toBeLessThan(1e-5);
  });

  it.each([
    [5, 8],
    [16, 8],
    [8, 8],
  ])('samples crops of images of %i pixels at %i by half-pixel centres', (imageSize, size) => {
    const boxes = Float32Array.of(
      0,
      0,
      1,
      1,
      0.1,
      0.3,
      0.6,
      0.95,
      0.5,
      0,
      1,
      0.25,
      0.4,
      0.4,
      0.5,
      0.45,
    );
    expect(difference({ ...nothing, size }, imageSize, viewsOf(4, { boxes }))).toBeLessThan(1e-5);
  });

  it('doubles 2 x 2 pixels to the half-pixel numbers of torch', () => {
    const pixels = Uint8Array.of(0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3);
    const view = applyViews(pixels, 2, viewsOf(1), { ...nothing, size: 4 }, asIs);
    const red = Array.from(view.slice([0, 0, 0, 0], [1, 4, 4, 1]).dataSync(), (v) => v * 255);
    const expected = [
      0, 0.25, 0.75, 1, 0.5, 0.75, 1.25, 1.5, 1.5, 1.75, 2.25, 2.5, 2, 2.25, 2.75, 3,
    ];
    red.forEach((v, i) => {
      expect(v).toBeCloseTo(expected[i] ?? NaN, 4);
    });
  });

  it('turns, then flips, in all 16 combinations', () => {
    const count = 16;
    const turns = Float32Array.from({ length: count }, (_, i) => i % 4);
    const flips = Float32Array.from({ length: count * 2 }, (_, i) =>
      i % 2 ? (i >> 4) & 1 : (i >> 3) & 1,
    );
    const boxes = Float32Array.from(
      { length: count * 4 },
      (_, i) => [0.1, 0, 0.8, 0.6][i % 4] ?? 0,
    );
    expect(
      new Set(Array.from(turns, (t, i) => `${t}${flips[i * 2] ?? ''}${flips[i * 2 + 1] ?? ''}`))
        .size,
    ).toBe(16);
    expect(
      difference(
        { ...nothing, quarterTurns: true, flip: 0.5, flipVertical: 0.5 },
        8,
        viewsOf(count, { turns, flips, boxes }),
      ),
    ).toBeLessThan(1e-5);
    const still = viewsOf(count, { flips, boxes });
    expect(difference({ ...nothing, flip: 0.5, flipVertical: 0.5 }, 8, still)).toBeLessThan(1e-5);
  });

  it.each([
    ['brightness', [1.4, 1, 1, 0], [0.6, 1, 1, 0]],
    ['contrast', [1, 1.4, 1, 0], [1, 0.6, 1, 0]],
    ['saturation', [1, 1, 1.4, 0], [1, 1, 0.6, 0]],
    ['hue', [1, 1, 1, 0.1], [1, 1, 1, -0.1]],
    ['all of them', [1.3, 0.7, 1.2, 0.05], [0.7, 1.3, 0.8, -0.5]],
  ])('changes %s', (_, first, second) => {
    const colour = Float32Array.from([...first, ...second]);
    expect(difference(everything, 8, viewsOf(2, { colour }))).toBeLessThan(2e-3);
  });

  it('a third of a turn of hue makes red green', () => {
    const red = Uint8Array.from({ length: 8 * 8 * 3 }, (_, i) => (i % 3 === 0 ? 160 : 0));
    const view = applyViews(
      red,
      8,
      viewsOf(1, { colour: Float32Array.of(1, 1, 1, 1 / 3) }),
      everything,
      asIs,
    );
    const [r = 0, g = 0, b = 0] = view.dataSync();
    expect(g).toBeGreaterThan(2 * Math.max(r, b));
  });

  it('greys and blurs by view', () => {
    const views = viewsOf(4, {
      grey: Float32Array.of(1, 0, 0, 1),
      sigma: Float32Array.of(0, 0.7, 2, 0.1),
    });
    expect(difference(everything, 8, views)).toBeLessThan(1e-5);
  });

  it('does everything at once, in the order of the contract', () => {
    const random = Random.from('views');
    const count = 12;
    const draw = (n: number, f: (i: number) => number) =>
      Float32Array.from({ length: count * n }, (_, i) => f(i));
    const boxes = draw(4, (i) => (i % 4 < 2 ? random.range(0, 0.5) : random.range(0.6, 1)));
    const colour = draw(4, (i) => (i % 4 < 3 ? random.range(0.6, 1.4) : random.range(-0.1, 0.1)));
    const views = {
      boxes,
      turns: draw(1, () => random.int(4)),
      flips: draw(2, () => random.int(2)),
      colour,
      grey: draw(1, () => random.int(2)),
      sigma: draw(1, () => random.range(0.1, 2)),
    };
    expect(difference(everything, 11, views)).toBeLessThan(2e-3);
  });

  it('normalises by channel', () => {
    const white = new Uint8Array(8 * 8 * 3).fill(255);
    const view = applyViews(white, 8, viewsOf(1), nothing, {
      mean: [0.5, 0.25, 0],
      std: [0.5, 0.25, 2],
    });
    const [r, g, b] = view.dataSync();
    expect([r, g, b]).toEqual([expect.closeTo(1, 5), expect.closeTo(3, 5), expect.closeTo(0.5, 5)]);
  });

  it('does not see what becomes of the arrays after the upload', () => {
    const images = imagesOf(2, 8);
    const views = viewsOf(2);
    const expected = applyViews(images, 8, views, everything, asIs).dataSync();
    const inputs = viewTensors(images, 8, views);
    for (const array of [images, ...(Object.values(views) as Float32Array[])]) array.fill(0);
    expect(viewFunction(everything, asIs)(inputs).dataSync()).toEqual(expected);
  });

  it('leaves no tensor behind', () => {
    const inputs = viewTensors(imagesOf(2, 8), 8, viewsOf(2));
    const view = viewFunction(everything, asIs);
    const before = tf.memory().numTensors;
    view(inputs).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses what cannot be', () => {
    expect(() => viewTensors(new Uint8Array(5), 8, viewsOf(2))).toThrow(
      'views: expected 384 bytes for 2 images of 8 x 8 x 3, got 5',
    );
    expect(() =>
      viewFunction({ ...everything, blur: { probability: 1, sigma: [0, 9] } }, asIs),
    ).toThrow('blur: expected a sigma of less than');
    expect(() => viewFunction(nothing, { ...asIs, std: [1, 0, 1] })).toThrow(
      'normalise.std: expected positive numbers, got 1, 0, 1',
    );
  });
});

it(
  "compiles at 256 px with MoCo v2's views, and gives what the eager function does",
  { timeout: 60_000 },
  async () => {
    const policy = mocoV2Views(224),
      count = 2;
    const views = viewsOf(count);
    const random = Random.from('views');
    for (let row = 0; row < count; row++) drawView(random, policy, views, row);
    views.sigma.fill(2);
    const images = imagesOf(count, 256);
    const program = await openProgram({});
    const view = viewFunction(policy, asIs);
    const { outputs } = await program
      .compile((_, inputs) => ({ outputs: { views: view(inputs) } }), viewSpecs(count, 256))
      .run({ ...viewValues(images, 256, views) });
    program.close();
    const eager = applyViews(images, 256, views, policy, asIs);
    const expected = eager.dataSync<'float32'>();
    eager.dispose();
    const got = outputs.views.data;
    expect(got.length).toBe(count * 224 * 224 * 3);
    expect(
      expected.reduce((most, value, i) => Math.max(most, Math.abs(value - (got[i] ?? NaN))), 0),
    ).toBeLessThan(1e-5);
  },
);
