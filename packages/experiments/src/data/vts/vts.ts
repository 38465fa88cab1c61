import { hashTextures } from '@noisy-pairs/vts';
import type { DataKind } from '../kind.ts';
import { metrics } from '../metric.ts';
import { givenTextures } from './given.ts';
import { vtsImages } from './images.ts';
import { vtsPictures } from './pictures.ts';
import { vtsSchema, type VtsData } from './schema.ts';
import { openVts } from './sources.ts';
import { vtsWords } from './words.ts';

/** Voronoi texture segmentation: made-up images whose noise is known. */
export const vts: DataKind<VtsData> = {
  name: 'vts',
  schema: vtsSchema,
  words: vtsWords,
  help: { example: '--textures textures --classes brick,grass --noise-class gravel' },
  takes: ['textures', 'classes', 'noiseClass'],
  tasks: () => ['segmentation'],
  metric: () => metrics.meanIou,
  describe: ({ textures }) =>
    textures.kind === 'folder'
      ? `textures ${textures.classes.join(', ')}, noise ${textures.noiseClass}`
      : 'textures built in',
  given: givenTextures,
  placeless: (data) =>
    data.textures.kind === 'folder' ? { ...data, textures: { ...data.textures, dir: '' } } : data,
  contents: async ({ textures }) =>
    textures.kind === 'folder'
      ? Object.fromEntries((await hashTextures(textures)).map(({ name, sha256 }) => [name, sha256]))
      : {},
  open: (data, run) => Promise.resolve(openVts(data, run)),
  pictures: vtsPictures,
  images: vtsImages,
};
