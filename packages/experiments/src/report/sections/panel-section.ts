import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { figure, lines, markup, type Markup, type Picture, table } from '@noisy-pairs/pages';
import { metrics } from '../../data/metric.ts';
import type { PanelGrid } from '../../sweep/grid.ts';
import { pretrainingSection, type CaptionedRun } from './pretraining-section.ts';
import { settingName } from '../setting-name.ts';
import type { FinishedRun } from '../summary/setting-runs.ts';
import type { PanelSummary } from '../summary/summary.ts';
import { comparisonTable, damageTable, resultTable } from '../tables/table.ts';

/**
 * A panel's part of the report: its table, what seed 0's heads predict, and how its runs went.
 * @param finished the sweep's finished runs by name
 * @param margin differences within it count as none, 0..1
 */
export async function panelSection(
  grid: PanelGrid,
  summary: PanelSummary,
  finished: ReadonlyMap<string, FinishedRun>,
  folderOf: (run: FinishedRun) => string,
  margin: number,
): Promise<Markup> {
  const runs = firstRuns(grid, summary, finished, folderOf);
  return lines([
    markup`<h2>${summary.title}</h2>`,
    table(resultTable(summary)),
    ...comparisonSection(summary, margin),
    ...damageSection(summary),
    ...predictionSection(runs, summary),
    await pretrainingSection(runs),
  ]);
}

/** The runs of seed 0. One may stand for several settings; the first names it. */
function firstRuns(
  { entries }: PanelGrid,
  summary: PanelSummary,
  finished: ReadonlyMap<string, FinishedRun>,
  folderOf: (run: FinishedRun) => string,
): CaptionedRun[] {
  const first = new Map<string, CaptionedRun>();
  for (const { setting, run: planned } of entries) {
    const run = finished.get(planned.name);
    if (!run || run.config.seed !== 0 || first.has(run.name)) continue;
    first.set(run.name, { run, caption: settingName(setting, summary), folder: folderOf(run) });
  }
  return [...first.values()];
}

/** What may be said of the differences that the panel is run for. */
function comparisonSection(summary: PanelSummary, margin: number): Markup[] {
  const compared = comparisonTable(summary, margin);
  if (compared.rows.length === 0) return [];
  return [markup`<h3>What may be said of the differences</h3>`, table(compared)];
}

function damageSection(summary: PanelSummary): Markup[] {
  const damage = damageTable(summary);
  if (damage.rows.length === 0) return [];
  return [
    markup`
      <h3>Damage from both images</h3>

      <p>A head on both images' frozen features and their difference: background and four classes of
      damage. xView2 score: 0.3 F1 of buildings + 0.7 harmonic mean of the classes' F1, over the
      classes that the test crops hold (the official score counts absent ones as 0; both are in
      results.csv).</p>
    `,
    table(damage),
  ];
}

function predictionSection(runs: readonly CaptionedRun[], { metric }: PanelSummary): Markup[] {
  const pictures = runs.flatMap(({ run: { result }, caption, folder }) => {
    const score = metric ? metrics[metric].of(result).toFixed(3) : 'not measured';
    return predictionPictures(folder, `${caption}: ${score}`);
  });
  if (pictures.length === 0) return [];
  const damaged = runs.some(({ run }) => run.result.damage);
  const images = damaged ? 'held-out images (two for damage)' : 'held-out images';
  return [
    markup`
      <details open><summary>What they predict: ${images}, truth, prediction; seed 0</summary>
      <div class="row predictions">${pictures.map(figure)}</div></details>
    `,
  ];
}

/** The first two pictures that each head of a run has written. */
function predictionPictures(folder: string, caption: string): Picture[] {
  const folders = ['predictions', join('damage', 'predictions')].map((sub) => join(folder, sub));
  return folders.flatMap((sub) => {
    if (!existsSync(sub)) return [];
    const files = readdirSync(sub).sort().slice(0, 2);
    return files.map((file) => ({ caption, uri: pngFileUri(join(sub, file)) }));
  });
}

function pngFileUri(file: string): string {
  return `data:image/png;base64,${readFileSync(file).toString('base64')}`;
}
