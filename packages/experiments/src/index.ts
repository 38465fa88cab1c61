export { configHash, parseConfig, runConfig, sweepConfig, type RunConfig, type SweepConfig } from './config.ts';
export { expandGrid, type NamedRun } from './grid.ts';
export { recipe, recipes } from './recipes/registry.ts';
export { readResult, type RunResult } from './run-result.ts';
export { executeRun, type RunProgress } from './run.ts';
