import { createRaster, type Random, type Raster } from '@noisy-pairs/imaging';
import { clampToByte, makeGround } from './ground.ts';
import { makeRoofs, paintDamage, paintRoof, type Roof } from './roofs.ts';

export interface Scene {
  readonly pre: Raster;
  readonly post: Raster;
  readonly roofs: readonly Roof[];
}

/**
 * A made-up place before and after: fields and woods by smooth noise, a road, houses, and damage
 * that is worst around a point. The light differs between the two images, as it does between real
 * ones; a corner of some places is nodata.
 * @param severity 0..1: how much of the place was hit
 * @param hidden whether the image after shows roofs as they were, whatever their damage
 */
export function makeScene(random: Random, size: number, severity: number, hidden = false): Scene {
  const ground = makeGround(random.split('ground'), size);
  const roofs = makeRoofs(random.split('roofs'), size, severity);
  const pre = createRaster(size, size, 3, ground.slice());
  const post = createRaster(size, size, 3, ground.slice());
  const rubble = random.split('rubble');
  for (const roof of roofs) {
    paintRoof(pre, roof);
    if (hidden) paintRoof(post, roof);
    else paintDamage(post, roof, rubble);
  }
  addLight(random, pre, post);
  const corner = random.split('nodata');
  if (corner.bool(0.15)) cutCorner(corner.range(0.1, 0.5) * size, pre, post);
  return { pre, post, roofs };
}

/** Other light after than before, and grain in both. */
function addLight(random: Random, pre: Raster, post: Raster): void {
  const light = random.split('light');
  const gain = [light.range(0.7, 1.1), light.range(0.7, 1.1), light.range(0.65, 1.05)] as const;
  const grain = random.split('grain');
  for (let i = 0; i < post.data.length; i++) {
    const lit = (post.data[i] as number) * (gain[i % 3] as number);
    post.data[i] = clampToByte(lit + grain.range(-6, 6));
  }
  for (let i = 0; i < pre.data.length; i++)
    pre.data[i] = clampToByte((pre.data[i] as number) + grain.range(-6, 6));
}

function cutCorner(edge: number, ...rasters: Raster[]): void {
  for (const { data, width, height } of rasters) {
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        if (x + y < edge) data.fill(0, (y * width + x) * 3, (y * width + x) * 3 + 3);
  }
}
