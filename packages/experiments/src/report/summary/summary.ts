import { runsOf, type PanelGrid } from '../../sweep/grid.ts';
import { claimsOf, type ClaimSummary } from './claims.ts';
import { withOutcomes, type ComparisonSummary } from './outcomes.ts';
import { measurePanel, type MeasuredPanel } from './panel-summary.ts';
import type { FinishedRun } from './setting-runs.ts';

/** The findings of a panel's runs. */
export interface PanelSummary extends MeasuredPanel {
  readonly comparisons: readonly ComparisonSummary[];
}

/** The findings of a sweep: the format of summary.json, but for the verdicts. */
export interface SweepSummary {
  readonly recipe: string;
  /** Differences within it count as none, 0..1. */
  readonly margin: number;
  readonly panels: readonly PanelSummary[];
  /** The study's captions, point by point. */
  readonly claims: readonly ClaimSummary[];
  /** Runs that are missing: failed or not done. */
  readonly missing: readonly string[];
}

/** Two points. */
export const usualMargin = 0.02;

/**
 * @param grids all settings of the sweep with their runs
 * @param finished those runs that have a result
 * @param margin differences within it count as none, 0..1
 */
export function summariseSweep(
  recipe: string,
  grids: readonly PanelGrid[],
  finished: readonly FinishedRun[],
  margin = usualMargin,
): SweepSummary {
  const results = new Map(finished.map(({ name, result }) => [name, result]));
  const missing = runsOf(grids).filter(({ name }) => !results.has(name));
  const measured = grids.map((grid) => measurePanel(grid, results));
  return {
    recipe,
    margin,
    panels: withOutcomes(measured, margin),
    claims: claimsOf(measured, margin),
    missing: missing.map(({ name }) => name),
  };
}
