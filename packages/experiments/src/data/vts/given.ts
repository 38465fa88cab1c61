import { callerPath } from '@noisy-pairs/command-line';
import { completeOptions, leftOutLine, openTextures, textureOptions } from '@noisy-pairs/vts';
import { parseConfig } from '../../config/parse-config.ts';
import type { DataFlags, GivenData, PanelData } from '../kind.ts';
import { chooseTextures } from './folder-textures.ts';
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
  if (dir === undefined) {
    if (data.textures.kind !== 'folder') return { data, noisyShares };
    const textures = { ...data.textures, dir: callerPath(data.textures.dir) };
    await checkTextures(data.size, textures, say);
    return { data: { ...data, textures }, noisyShares };
  }
  const chosen = chooseTextures(dir, data.size, classes, noiseClass);
  const textures = parseConfig(textureOptions, chosen, 'textures');
  await checkTextures(data.size, textures, say);
  const names = `${chosen.classes.join(', ')}; noise ${chosen.noiseClass}, from ${chosen.dir}`;
  const why = 'given by the user; one photograph a class gives few instances';
  return { data: { ...data, textures }, noisyShares, assumptions: { textures: [names, why] } };
}

/** @throws on a texture that is corrupt or too small */
async function checkTextures(
  size: number,
  textures: VtsData['textures'],
  say: (line: string) => void,
): Promise<void> {
  const { leftOut = [] } = await openTextures(completeOptions({ size, textures, length: 1 }));
  const line = leftOutLine(leftOut);
  if (line !== undefined) say(line);
}
