export { type MethodConfig } from './config/methods.ts';
export { configHash, runConfig, type RunConfig } from './config/run-config.ts';
export { sweepConfig, type Panel, type SweepConfig } from './config/sweep-config.ts';
export { parseConfig } from './config/parse-config.ts';
export { expandGrid, runsOf, type NamedRun, type PanelGrid } from './sweep/grid.ts';
export { recipe, recipes } from './recipes/registry.ts';
export type { Remedy, Setting } from './config/setting.ts';
export { readResult, type RunResult } from './run/run-result.ts';
export { executeRun, type RunProgress } from './run/run.ts';
