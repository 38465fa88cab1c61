import { expect, test } from 'vitest';
import { finished, grids, planned, summarise } from '../fixtures/made-up-runs.ts';
import { recipe } from '../recipes/registry.ts';
import { markdownReport } from './markdown-report.ts';
import { verdicts } from './verdict.ts';

test('the Markdown has every finding, setting and caption, the plots and the command', () => {
  const summary = summarise(grids, finished);
  const text = markdownReport(recipe('vts-moco'), summary, finished, ['plot.svg'], 'the command');
  const lines = text.split('\n');
  expect(lines[0]).toBe('# vts-moco');
  for (const finding of verdicts(summary)) expect(lines).toContain(`- ${finding}`);
  expect(text).toContain('```bash\nthe command\n```');
  expect(lines).toContain('![plot.svg](plot.svg)');
  const cells = lines
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const [panel = expect.fail()] = summary.panels;
  const row = (name: string) => cells.filter(([, first]) => first === name);
  for (const { score } of panel.cells.filter(({ kind }) => kind === 'random'))
    expect(row('random encoder')[0]?.[2]).toBe(score?.mean.toFixed(3));
  expect(row('r_img 0.5, noisy share 1 against clean pairs')[0]).toContain('gain');
  expect(row('Fig. 4').map((cell) => cell.at(-2))).toEqual(['holds', 'holds']);
  expect(text.endsWith('|\n')).toBe(true);
});

test('runs that are missing are named', () => {
  const part = finished.slice(0, -1);
  const text = markdownReport(recipe('vts-moco'), summarise(grids, part), part, [], 'c');
  expect(text).toContain(`Missing: ${planned.at(-1)?.name ?? ''}.`);
});

test('names with bars stay in their cells', () => {
  const { panels, ...rest } = summarise(grids, finished);
  const two = [...panels, ...panels].map((panel) => ({ ...panel, title: 'a|b' }));
  const claims = rest.claims.flatMap((claim) => [claim, { ...claim, panel: 'a|b' }]);
  const summary = { ...rest, claims, panels: two };
  const text = markdownReport(recipe('vts-moco'), summary, finished, [], 'c');
  expect(text).toContain('| a\\|b ');
});
