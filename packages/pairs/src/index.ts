export { openSource, type LabelledSource, type PairKind, type PairSource, type SourceSpec } from './source.ts';
