import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { encodePng, Random, writeFileAtomic, type Raster } from '@noisy-pairs/imaging';
import { damageMask } from '../labels/damage-mask.ts';
import { parseLabel } from '../labels/label.ts';
import { encodeXbdGeotiff } from './geotiff-writer.ts';
import { makeScene, type Roof } from './landscape.ts';

export interface SampleOptions {
  readonly out: string;
  /** Places. */
  readonly tiles: number;
  readonly seed: number;
  /** Edge of a tile; xBD's is 1024. */
  readonly size: number;
  /**
   * png: train, tier3, test, hold with targets (tier3 has none). geotiff: geotiffs/tier1, ...
   * without.
   */
  readonly layout: 'png' | 'geotiff' | 'both';
  readonly onProgress?: (done: number, of: number) => void;
}

/** Made-up events: name, type, where, and how bad. */
const events = [
  { disaster: 'synthetic-storm', type: 'wind', place: [-94.5, 37.06], severity: 1 },
  { disaster: 'synthetic-quake', type: 'earthquake', place: [14.2, 42.3], severity: 0.8 },
  { disaster: 'synthetic-flood', type: 'flooding', place: [105.8, 21], severity: 0.5 },
  { disaster: 'synthetic-fire', type: 'fire', place: [-121.6, 39.7], severity: 0.3 },
] as const;
/** Of the tiles, by turns of ten. */
const splits = [
  'train',
  'train',
  'test',
  'train',
  'tier3',
  'hold',
  'train',
  'tier3',
  'train',
  'train',
] as const;
/** Degrees a pixel, east and south. */
const pixel = [5e-6, 4e-6] as const;

/**
 * Writes made-up places in the exact layouts of xBD, for trying every command without the download.
 * Everything in it is named synthetic.
 */
export async function writeSampleSet({
  out,
  tiles,
  seed,
  size,
  layout,
  onProgress,
}: SampleOptions): Promise<void> {
  const random = Random.from(seed).split('xbd sample');
  for (let i = 0; i < tiles; i++) {
    const event = events[i % events.length] as (typeof events)[number];
    const split = splits[Math.floor(i / events.length) % splits.length] as (typeof splits)[number];
    const id = String(i).padStart(8, '0');
    const stem = `${event.disaster}_${id}`;
    const tile = random.split(i);
    const { pre, post, roofs } = makeScene(tile, size, event.severity);
    const [column, row] = [i % 7, Math.floor(i / 7)];
    const origin = [
      event.place[0] + column * size * pixel[0],
      event.place[1] - row * size * pixel[1],
    ] as const;
    for (const kind of layout === 'both' ? (['png', 'geotiff'] as const) : [layout]) {
      const folder =
        kind === 'png'
          ? join(out, split)
          : join(out, 'geotiffs', split === 'train' ? 'tier1' : split);
      for (const sub of [
        'images',
        'labels',
        ...(kind === 'png' && split !== 'tier3' ? ['targets'] : []),
      ])
        await mkdir(join(folder, sub), { recursive: true });
      await Promise.all(
        (
          [
            ['pre', pre],
            ['post', post],
          ] as const
        ).map(async ([phase, raster]) => {
          const name = `${stem}_${phase}_disaster`;
          await writeFileAtomic(
            join(folder, 'images', `${name}.${kind === 'png' ? 'png' : 'tif'}`),
            kind === 'png' ? await encodePng(raster, 3) : geotiff(raster, origin),
          );
          const label = JSON.stringify(labelOf(roofs, phase, event, id, size, origin));
          await writeFileAtomic(join(folder, 'labels', `${name}.json`), label);
          if (kind === 'png' && split !== 'tier3')
            await writeFileAtomic(
              join(folder, 'targets', `${name}_target.png`),
              await encodePng(damageMask(parseLabel(label).buildings, size, size, 'background')),
            );
        }),
      );
    }
    onProgress?.(i + 1, tiles);
  }
}

function geotiff({ data, width, height }: Raster, origin: readonly [number, number]): Buffer {
  return encodeXbdGeotiff(data, width, height, origin, pixel);
}

/** The label's JSON, its keys in xBD's order. */
function labelOf(
  roofs: readonly Roof[],
  phase: 'pre' | 'post',
  { disaster, type }: (typeof events)[number],
  id: string,
  size: number,
  [lng, lat]: readonly [number, number],
): object {
  const polygon = (points: readonly (readonly [number, number])[]) =>
    'POLYGON ' +
    `((${[...points, points[0] as readonly [number, number]].map(([x, y]) => `${x} ${y}`).join(', ')}))`;
  const inside = ([x, y]: readonly [number, number]): [number, number] => [
    Math.min(size, Math.max(0, x)),
    Math.min(size, Math.max(0, y)),
  ];
  const feature = (roof: Roof, i: number, wkt: string) => ({
    properties: {
      feature_type: 'building',
      ...(phase === 'post' ? { subtype: roof.damage } : {}),
      uid: `00000000-0000-4000-8000-${id}${String(i).padStart(4, '0')}`,
    },
    wkt,
  });
  return {
    features: {
      lng_lat: roofs.map((roof, i) =>
        feature(
          roof,
          i,
          polygon(
            roof.corners.map(inside).map(([x, y]) => [lng + x * pixel[0], lat - y * pixel[1]]),
          ),
        ),
      ),
      xy: roofs.map((roof, i) => feature(roof, i, polygon(roof.corners.map(inside)))),
    },
    metadata: {
      sensor: 'SYNTHETIC',
      provider_asset_type: 'SYNTHETIC',
      gsd: 2,
      capture_date: phase === 'pre' ? '2020-01-01T12:00:00.000Z' : '2020-02-01T12:00:00.000Z',
      off_nadir_angle: 20,
      pan_resolution: 0.5,
      sun_azimuth: 150,
      sun_elevation: 60,
      target_azimuth: 180,
      disaster,
      disaster_type: type,
      catalog_id: 'SYNTHETIC',
      original_width: size,
      original_height: size,
      width: size,
      height: size,
      id: `synthetic-${id}`,
      img_name: `${disaster}_${id}_${phase}_disaster.png`,
    },
  };
}
