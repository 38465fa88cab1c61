export { damageMask, damageOf } from './damage-mask.ts';
export { indexXbd, type XbdIndex, type XbdPair } from './index-folder.ts';
export { damageValues, parseLabel, type Building, type Damage } from './label.ts';
export { parseTileName, type TileName } from './names.ts';
export { pairWindows, type PairWindow, type PairWindowOptions } from './pair-windows.ts';
export { readTile, type Window } from './tile.ts';
