import type { CompleteVtsOptions } from '../options.ts';
import { openProcedural } from './procedural-textures.ts';
import { openFolder } from './texture-folder.ts';
import type { TextureSet } from './texture.ts';

/** @throws naming the folder or file: missing, no image, smaller than the images to be made. */
export async function openTextures(options: CompleteVtsOptions): Promise<TextureSet> {
  const { textures } = options;
  return textures.kind === 'folder'
    ? openFolder(options, textures)
    : openProcedural(options, textures);
}
