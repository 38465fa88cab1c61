import type { Random, Raster } from '@noisy-pairs/imaging';
import type { Damage } from '../labels/label.ts';
import { clampToByte } from './ground.ts';

type Colour = readonly [number, number, number];
type Point = readonly [number, number];

/** A roof: a turned rectangle, in pixels. */
export interface Roof {
  readonly corners: readonly Point[];
  readonly centre: Point;
  /** Direction of its first edge, in radians. */
  readonly angle: number;
  /** Half the lengths of its edges. */
  readonly half: Point;
  readonly colour: Colour;
  readonly damage: Damage;
}

/** Distance between places where a house may stand. */
const plot = 64;

export function makeRoofs(random: Random, size: number, severity: number): Roof[] {
  const roofs: Roof[] = [];
  const density = random.bool(0.15) ? 0 : random.range(0.1, 0.6); // some places have no house
  const worst = [random.range(0, size), random.range(0, size)] as const;
  const reach = random.range(0.2, 0.5) * size;
  const forceAt = ([x, y]: Point) =>
    severity * Math.exp(-(((x - worst[0]) / reach) ** 2) - ((y - worst[1]) / reach) ** 2) * 1.6;
  for (let y = plot / 2; y < size; y += plot) {
    for (let x = plot / 2; x < size; x += plot) {
      if (!random.bool(density)) continue;
      const half = [random.range(8, 20), random.range(6, 16)] as const;
      const angle = random.range(0, Math.PI);
      const centre = [x + random.range(-6, 6), y + random.range(-6, 6)] as const;
      const corners = cornersOf(centre, half, angle);
      const force = forceAt(centre) + random.range(-0.15, 0.15);
      const damage = random.bool(0.03) ? 'un-classified' : damageBy(force);
      const tone = random.range(90, 220);
      const warm = random.range(-20, 40);
      const colour = [tone + warm, tone, tone - warm / 2] as const;
      roofs.push({ corners, centre, angle, half, damage, colour });
    }
  }
  return roofs;
}

function cornersOf(centre: Point, half: Point, angle: number): Point[] {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const corner = (u: number, v: number): Point => [
    centre[0] + u * half[0] * c - v * half[1] * s,
    centre[1] + u * half[0] * s + v * half[1] * c,
  ];
  return [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)];
}

function damageBy(force: number): Damage {
  if (force < 0.25) return 'no-damage';
  if (force < 0.45) return 'minor-damage';
  return force < 0.75 ? 'major-damage' : 'destroyed';
}

/** Paints an intact roof. */
export function paintRoof(raster: Raster, roof: Roof): void {
  eachPixel(raster, roof, (at, shade) => {
    for (let k = 0; k < 3; k++)
      raster.data[at + k] = clampToByte((roof.colour[k] as number) * shade);
  });
}

/** Paints a roof as it looks after the disaster. */
export function paintDamage(raster: Raster, roof: Roof, rubble: Random): void {
  eachPixel(raster, roof, (at, shade, along) => {
    const change = changeAt(roof.damage, along, rubble);
    for (let k = 0; k < 3; k++)
      raster.data[at + k] = clampToByte(
        change ? (change[k] as number) : (roof.colour[k] as number) * shade,
      );
  });
}

/**
 * The colour that a pixel gets by damage instead of the roof's; undefined leaves the roof.
 * @param along -1..1 across the house
 */
function changeAt(damage: Damage, along: number, rubble: Random): Colour | undefined {
  const debris = (): Colour => {
    const grey = rubble.range(30, 190);
    return [grey, grey * 0.93, grey * 0.85];
  };
  if (damage === 'destroyed') return debris();
  if (damage === 'major-damage') return along > 0 ? debris() : undefined;
  if (damage === 'minor-damage') return rubble.bool(0.2) ? [40, 80, 190] : undefined; // tarpaulins
  return damage === 'un-classified' ? [225, 228, 230] : undefined; // cloud
}

/**
 * Visits the pixels of a roof, row by row.
 * @param visit gets a pixel's place in the data, its shade and its position along the first edge,
 *   -1..1
 */
function eachPixel(
  { width, height }: Raster,
  { centre, angle, half }: Roof,
  visit: (at: number, shade: number, along: number) => void,
): void {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const reach = Math.hypot(...half);
  const left = Math.max(0, Math.floor(centre[0] - reach));
  const top = Math.max(0, Math.floor(centre[1] - reach));
  for (let y = top; y < Math.min(height, centre[1] + reach); y++) {
    for (let x = left; x < Math.min(width, centre[0] + reach); x++) {
      const dx = x + 0.5 - centre[0];
      const dy = y + 0.5 - centre[1];
      const u = dx * c + dy * s;
      const v = -dx * s + dy * c;
      if (Math.abs(u) > half[0] || Math.abs(v) > half[1]) continue;
      visit((y * width + x) * 3, v > 0 ? 0.82 : 1, u / half[0]); // darker beyond the ridge
    }
  }
}
