export { generateDataset, type DatasetOptions } from './dataset/dataset.ts';
export { createGenerator, type Canvas, type Generator } from './generator.ts';
export type { Crop, Layout } from './layout/layout.ts';
export {
  completeOptions,
  textureOptions,
  type CompleteVtsOptions,
  type TextureOptions,
  type VtsOptions,
} from './options.ts';
export { vtsScoredPairs } from './pairs/scored-pairs.ts';
export { createVtsLabelledSource, createVtsPairSource, vtsLabelled, vtsPairs } from './sources.ts';
export { chooseTextures } from './textures/choose-textures.ts';
export { leftOutLine, listTextures, type TextureFiles } from './textures/list-textures.ts';
export { openTextures } from './textures/open-textures.ts';
export { hashTextures } from './textures/texture-folder.ts';
export type { Texture, TextureParts, TextureSet } from './textures/texture.ts';
