export { type CropOptions, type CropPixels, type FolderCrop } from './crops/crop.ts';
export {
  cropFolder,
  readCrops,
  type CropFolderOptions,
  type FolderCrops,
  type RefusedCrops,
} from './crops/read-crops.ts';
export { indexOptionsOf, withIndexFlags, type IndexFlags } from './commands/flags/index-flags.ts';
export {
  scoreByFlags,
  scoreHelp,
  withScoreFlags,
  type ScoreFlags,
} from './commands/flags/score-flags.ts';
export {
  type FolderIndex,
  type FolderPair,
  type LeftOut,
  type PixelRules,
} from './index/folder-index.ts';
export { indexFolder } from './index/index-folder.ts';
export { openFolderIndex } from './index/open-index.ts';
export { type IndexOptions } from './index/options.ts';
export { writeFolderIndex } from './index/write-index.ts';
export { indexLines } from './commands/report/index-lines.ts';
export { folderClasses } from './sources/classified-source.ts';
export { folderChange, folderMasks } from './sources/labelled-sources.ts';
export { folderPairs, type FolderPairing, type FolderPairsOptions } from './sources/pair-source.ts';
export { type FolderSetOptions } from './sources/set.ts';
export { scoreFolder, type ScoreFolderOptions } from './scores/score-folder.ts';
