export { type CropOptions, type CropPixels, type FolderCrop } from './crops/crop.ts';
export {
  cropFolder,
  readCrops,
  type CropFolderOptions,
  type FolderCrops,
  type RefusedCrops,
} from './crops/read-crops.ts';
export {
  type FolderIndex,
  type FolderPair,
  type LeftOut,
  type PixelRules,
} from './index/folder-index.ts';
export { openFolderIndex } from './index/open-index.ts';
export { writeFolderIndex } from './index/write-index.ts';
