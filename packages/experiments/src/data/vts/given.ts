import { callerPath } from '@noisy-pairs/command-line';
import {
  chooseTextures,
  completeOptions,
  leftOutLine,
  openTextures,
  textureOptions,
} from '@noisy-pairs/vts';
import { parseConfig } from '../../config/parse-config.ts';
import type { DataFlags, GivenData, PanelData } from '../kind.ts';
import { partWords } from './part-words.ts';
import type { VtsData } from './schema.ts';

/**
 * VTS with the textures of a folder, if there is one. A texture that is corrupt or too small is
 * said here and once, not by each run.
 */
export async function givenTextures(
  { data, noisyShares }: PanelData<VtsData>,
  { textures: dir, classes, noiseClass }: DataFlags,
  say: (line: string) => void,
): Promise<GivenData<VtsData>> {
  if (dir === undefined && data.textures.kind !== 'folder') return { data, noisyShares };
  const chosen =
    data.textures.kind === 'folder' && dir === undefined
      ? { ...data.textures, dir: callerPath(data.textures.dir) }
      : chooseTextures(dir ?? '', data.size, classes, noiseClass);
  const textures = parseConfig(textureOptions, chosen, 'textures');
  const { leftOut = [], banks } = await openTextures(
    completeOptions({ size: data.size, textures, length: 1 }),
  );
  const line = leftOutLine(leftOut);
  if (line !== undefined) say(line);
  const parts = partWords([...chosen.classes, chosen.noiseClass], banks);
  say(`textures: ${parts}`);
  const names = `${chosen.classes.join(', ')}; noise ${chosen.noiseClass}, from ${chosen.dir}`;
  const why = `given by the user; ${parts}`;
  return { data: { ...data, textures }, noisyShares, assumptions: { textures: [names, why] } };
}
