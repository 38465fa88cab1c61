export {
  configHash,
  parseConfig,
  runConfig,
  sweepConfig,
  type MethodConfig,
  type Panel,
  type RunConfig,
  type SweepConfig,
} from './config.ts';
export type { Remedy, Setting } from './setting.ts';
export { expandGrid, runsOf, type NamedRun, type PanelGrid } from './sweep/grid.ts';
export { recipe, recipes } from './recipes/registry.ts';
export { readResult, type RunResult } from './run/run-result.ts';
export { executeRun, type RunProgress } from './run/run.ts';
