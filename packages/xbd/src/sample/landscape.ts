import { createRaster, type Random, type Raster } from '@noisy-pairs/imaging';
import type { Damage } from '../labels/label.ts';

/** A roof: a turned rectangle, in pixels. */
export interface Roof {
  readonly corners: readonly (readonly [number, number])[];
  readonly centre: readonly [number, number];
  /** Edges' directions, and half their lengths. */
  readonly angle: number;
  readonly half: readonly [number, number];
  readonly colour: readonly [number, number, number];
  readonly damage: Damage;
}

export interface Scene {
  readonly pre: Raster;
  readonly post: Raster;
  readonly roofs: readonly Roof[];
}

/** Distance between places where a house may stand. */
const plot = 64;

/**
 * A made-up place before and after: fields and woods by smooth noise, a road, houses, and damage
 * that is worst around a point. The light differs between the two images, as it does between real
 * ones; a corner of some places is nodata.
 * @param severity 0..1: how much of the place was hit
 */
export function makeScene(random: Random, size: number, severity: number): Scene {
  const ground = makeGround(random.split('ground'), size);
  const roofs = makeRoofs(random.split('roofs'), size, severity);
  const [pre, post] = [
    createRaster(size, size, 3, ground.slice()),
    createRaster(size, size, 3, ground.slice()),
  ];
  const rubble = random.split('rubble');
  for (const roof of roofs) {
    paint(pre, roof, () => [0, 0, 0], 0);
    paint(post, roof, (along) => damageOf(roof, along, rubble), 1);
  }
  const light = random.split('light');
  const gain = [light.range(0.7, 1.1), light.range(0.7, 1.1), light.range(0.65, 1.05)] as const;
  const grain = random.split('grain');
  for (let i = 0; i < post.data.length; i++)
    post.data[i] = clamp((post.data[i] as number) * (gain[i % 3] as number) + grain.range(-6, 6));
  for (let i = 0; i < pre.data.length; i++)
    pre.data[i] = clamp((pre.data[i] as number) + grain.range(-6, 6));
  const corner = random.split('nodata');
  if (corner.bool(0.15)) cutCorner(corner.range(0.1, 0.5) * size, pre, post);
  return { pre, post, roofs };
}

// 0 in all bands would be nodata
const clamp = (value: number) => Math.min(255, Math.max(1, Math.round(value)));

function makeGround(random: Random, size: number): Uint8Array {
  const height = smoothNoise(random.split('height'), size, 5);
  const detail = smoothNoise(random.split('detail'), size, 64);
  const pixels = new Uint8Array(size * size * 3);
  const road = { at: random.range(0.2, 0.8) * size, slope: random.range(-0.5, 0.5) };
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const i = y * size + x;
      const h = height[i] as number;
      const d = (detail[i] as number) - 0.5;
      const colour =
        Math.abs(y - road.at - road.slope * x) < 5
          ? [120, 118, 115]
          : h < 0.42
            ? [62, 88, 48]
            : h < 0.58
              ? [104, 118, 66]
              : [142, 128, 92];
      for (let c = 0; c < 3; c++) pixels[3 * i + c] = clamp((colour[c] as number) + 50 * d);
    }
  }
  return pixels;
}

/** Bilinear noise in 0..1 with `cells` random values an edge. */
function smoothNoise(random: Random, size: number, cells: number): Float32Array {
  const knots = Float32Array.from({ length: (cells + 1) ** 2 }, () => random.uniform());
  const out = new Float32Array(size * size);
  const smooth = (t: number) => t * t * (3 - 2 * t);
  for (let y = 0; y < size; y++) {
    const v = (y / size) * cells;
    const row = Math.floor(v);
    const b = smooth(v - row);
    for (let x = 0; x < size; x++) {
      const u = (x / size) * cells;
      const column = Math.floor(u);
      const a = smooth(u - column);
      const at = row * (cells + 1) + column;
      out[y * size + x] =
        (1 - b) * ((1 - a) * (knots[at] as number) + a * (knots[at + 1] as number)) +
        b * ((1 - a) * (knots[at + cells + 1] as number) + a * (knots[at + cells + 2] as number));
    }
  }
  return out;
}

function makeRoofs(random: Random, size: number, severity: number): Roof[] {
  const roofs: Roof[] = [];
  const density = random.bool(0.15) ? 0 : random.range(0.1, 0.6); // some places have no house
  const worst = [random.range(0, size), random.range(0, size)] as const;
  const reach = random.range(0.2, 0.5) * size;
  for (let y = plot / 2; y < size; y += plot) {
    for (let x = plot / 2; x < size; x += plot) {
      if (!random.bool(density)) continue;
      const half = [random.range(8, 20), random.range(6, 16)] as const;
      const angle = random.range(0, Math.PI);
      const centre = [x + random.range(-6, 6), y + random.range(-6, 6)] as const;
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      const corners = (
        [
          [-1, -1],
          [1, -1],
          [1, 1],
          [-1, 1],
        ] as const
      ).map(
        ([u, v]) =>
          [
            centre[0] + u * half[0] * c - v * half[1] * s,
            centre[1] + u * half[0] * s + v * half[1] * c,
          ] as const,
      );
      const force =
        severity *
          Math.exp(
            -(((centre[0] - worst[0]) / reach) ** 2) - ((centre[1] - worst[1]) / reach) ** 2,
          ) *
          1.6 +
        random.range(-0.15, 0.15);
      const damage: Damage = random.bool(0.03)
        ? 'un-classified'
        : force < 0.25
          ? 'no-damage'
          : force < 0.45
            ? 'minor-damage'
            : force < 0.75
              ? 'major-damage'
              : 'destroyed';
      const tone = random.range(90, 220);
      const warm = random.range(-20, 40);
      roofs.push({
        corners,
        centre,
        angle,
        half,
        damage,
        colour: [tone + warm, tone, tone - warm / 2],
      });
    }
  }
  return roofs;
}

/**
 * Colour a pixel gets instead of the roof's by damage; undefined leaves the roof.
 * @param along -1..1 across the house
 */
function damageOf(
  { damage }: Roof,
  along: number,
  rubble: Random,
): readonly [number, number, number] | undefined {
  const debris = (): [number, number, number] => {
    const grey = rubble.range(30, 190);
    return [grey, grey * 0.93, grey * 0.85];
  };
  if (damage === 'destroyed') return debris();
  if (damage === 'major-damage') return along > 0 ? debris() : undefined;
  if (damage === 'minor-damage') return rubble.bool(0.2) ? [40, 80, 190] : undefined; // tarpaulins
  return damage === 'un-classified' ? [225, 228, 230] : undefined; // cloud
}

function paint(
  { data, width, height }: Raster,
  { centre, angle, half, colour }: Roof,
  change: (along: number) => readonly [number, number, number] | undefined,
  when: 0 | 1,
): void {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const reach = Math.hypot(...half);
  for (
    let y = Math.max(0, Math.floor(centre[1] - reach));
    y < Math.min(height, centre[1] + reach);
    y++
  ) {
    for (
      let x = Math.max(0, Math.floor(centre[0] - reach));
      x < Math.min(width, centre[0] + reach);
      x++
    ) {
      const dx = x + 0.5 - centre[0];
      const dy = y + 0.5 - centre[1];
      const u = dx * c + dy * s;
      const v = -dx * s + dy * c;
      if (Math.abs(u) > half[0] || Math.abs(v) > half[1]) continue;
      const shade = v > 0 ? 0.82 : 1; // the ridge
      const instead = when === 1 ? change(u / half[0]) : undefined;
      for (let k = 0; k < 3; k++)
        data[(y * width + x) * 3 + k] = clamp(
          instead ? (instead[k] as number) : (colour[k] as number) * shade,
        );
    }
  }
}

function cutCorner(edge: number, ...rasters: Raster[]): void {
  for (const { data, width, height } of rasters) {
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        if (x + y < edge) data.fill(0, (y * width + x) * 3, (y * width + x) * 3 + 3);
  }
}
