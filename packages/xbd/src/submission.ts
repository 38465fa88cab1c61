import { join } from 'node:path';
import { writePng, type Raster } from '@noisy-pairs/imaging';

/** Pixels of the edge that the official scorer insists on. */
const edge = 1024;

/**
 * Writes a place's predictions as the xView2 challenge takes them:
 * `SET_localization_ID_prediction.png` and `SET_damage_ID_prediction.png`, one channel of 0..4.
 * @param id of the place; shorter ones are filled up to five digits
 * @throws if the id is not of digits, or a mask is not 1,024 x 1,024 of one channel, or holds a
 *   value above 4
 */
export async function writeSubmission(
  folder: string,
  set: 'test' | 'hold',
  id: string,
  localisation: Raster,
  damage: Raster,
): Promise<void> {
  // an id from a file must not name another folder
  if (!/^\d{1,16}$/.test(id))
    throw new Error(`submission: expected an id of digits, got ${JSON.stringify(id).slice(0, 40)}`);
  checkMask(id, 'localisation', localisation);
  checkMask(id, 'damage', damage);
  const fileOf = (what: string) =>
    join(folder, `${set}_${what}_${id.padStart(5, '0')}_prediction.png`);
  await writePng(fileOf('localization'), localisation);
  await writePng(fileOf('damage'), damage);
}

function checkMask(id: string, what: string, { width, height, channels, data }: Raster): void {
  if (width !== edge || height !== edge || channels !== 1)
    throw new Error(
      `submission ${id}: expected a ${what} mask of ${edge} x ${edge} pixels and one ` +
        `channel, got ${width} x ${height} and ${channels}`,
    );
  const wrong = data.find((value) => value > 4);
  if (wrong !== undefined)
    throw new Error(`submission ${id}: expected values 0..4 in ${what}, got ${wrong}`);
}
