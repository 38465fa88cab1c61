export {
  configHash,
  runConfig,
  sweepConfig,
  type MethodConfig,
  type Panel,
  type RunConfig,
  type SweepConfig,
} from './config.ts';
export { parseConfig } from './parse-config.ts';
export { expandGrid, runsOf, type NamedRun, type PanelGrid } from './sweep/grid.ts';
export { recipe, recipes } from './recipes/registry.ts';
export type { Remedy, Setting } from './setting.ts';
export { readResult, type RunResult } from './run/run-result.ts';
export { executeRun, type RunProgress } from './run/run.ts';
