import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { encodePng, Random, writeFileAtomic } from '@noisy-pairs/imaging';
import { damageMask } from '../labels/damage-mask.ts';
import { parseLabel } from '../labels/parse-label.ts';
import { encodeXbdGeotiff } from './geotiff-writer.ts';
import { labelJson, type Place } from './label-json.ts';
import { makeScene, type Scene } from './landscape.ts';

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
  /** Damage of each place as a share of what its event does there, 0..1; 0: none. Default 1. */
  readonly damage?: number;
  /** Labels alone tell damage: images after show roofs as before. Default false. */
  readonly hideDamage?: boolean;
  readonly onProgress?: (done: number, of: number) => void;
}

/** Made-up events: name, type, where, and how bad. */
const events = [
  { disaster: 'synthetic-storm', type: 'wind', place: [-94.5, 37.06], severity: 1 },
  { disaster: 'synthetic-quake', type: 'earthquake', place: [14.2, 42.3], severity: 0.8 },
  { disaster: 'synthetic-flood', type: 'flooding', place: [105.8, 21], severity: 0.5 },
  { disaster: 'synthetic-fire', type: 'fire', place: [-121.6, 39.7], severity: 0.3 },
] as const;
/** The splits that an event's places go to, by turns of ten. */
const splits = 'train train test train tier3 hold train tier3 train train'.split(' ');
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
  damage = 1,
  hideDamage = false,
  onProgress,
}: SampleOptions): Promise<void> {
  if (!(damage >= 0 && damage <= 1))
    throw new Error(`damage: expected a share in 0..1, got ${damage}`);
  const random = Random.from(seed).split('xbd sample');
  const layouts = layout === 'both' ? (['png', 'geotiff'] as const) : [layout];
  for (let i = 0; i < tiles; i++) {
    const event = events[i % events.length] as (typeof events)[number];
    const split = splits[Math.floor(i / events.length) % splits.length] as string;
    const scene = makeScene(random.split(i), size, damage * event.severity, hideDamage);
    const [column, row] = [i % 7, Math.floor(i / 7)];
    const [lng, lat] = event.place;
    const place: Place = {
      disaster: event.disaster,
      type: event.type,
      id: String(i).padStart(8, '0'),
      size,
      origin: [lng + column * size * pixel[0], lat - row * size * pixel[1]],
      pixel,
    };
    for (const one of layouts) await writePlace(out, split, one, place, scene);
    onProgress?.(i + 1, tiles);
  }
}

async function writePlace(
  out: string,
  split: string,
  layout: 'png' | 'geotiff',
  place: Place,
  scene: Scene,
): Promise<void> {
  const isPng = layout === 'png';
  const hasTargets = isPng && split !== 'tier3';
  const folder = isPng
    ? join(out, split)
    : join(out, 'geotiffs', split === 'train' ? 'tier1' : split);
  for (const sub of ['images', 'labels', ...(hasTargets ? ['targets'] : [])])
    await mkdir(join(folder, sub), { recursive: true });

  const { disaster, id, size, origin } = place;
  const writePhase = async (phase: 'pre' | 'post') => {
    const name = `${disaster}_${id}_${phase}_disaster`;
    const raster = scene[phase];
    const image = isPng
      ? await encodePng(raster, 3)
      : encodeXbdGeotiff(raster.data, size, size, origin, pixel);
    await writeFileAtomic(join(folder, 'images', `${name}.${isPng ? 'png' : 'tif'}`), image);
    const label = labelJson(scene.roofs, phase, place);
    await writeFileAtomic(join(folder, 'labels', `${name}.json`), label);
    if (!hasTargets) return;
    const mask = damageMask(parseLabel(label).buildings, size, size, 'background');
    await writeFileAtomic(join(folder, 'targets', `${name}_target.png`), await encodePng(mask));
  };
  await Promise.all([writePhase('pre'), writePhase('post')]);
}
