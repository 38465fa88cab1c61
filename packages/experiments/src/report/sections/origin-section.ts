import { lines, type Markup, markup, table } from '@noisy-pairs/pages';
import type { SweepConfig } from '../../config/sweep-config.ts';
import type { FinishedRun } from '../summary/setting-runs.ts';

/** The choices of a recipe that the study does not give. */
export function assumptionSection({ assumptions, panels }: SweepConfig): Markup {
  const isAudit = panels.some(({ base }) => base.data.kind === 'folders');
  const whose = isAudit
    ? 'An answer is for these pairs, this method and this length of training alone.'
    : 'The study is known to us by its abstract and figure captions. These choices are ours; ' +
      "read the trend, not the study's numbers.";
  return markup`
    <h2>What is assumed</h2>

    <p>${whose}</p>

    ${table({ head: ['field', 'choice', 'why'], rows: assumptions })}
  `;
}

/** The command that gives the sweep again, where it ran, and its complete configuration. */
export function originSection(
  { panels }: SweepConfig,
  finished: readonly FinishedRun[],
  command: string,
): Markup {
  const { minutes, cpu, threads, steps, precision, node, tensorflow } = originOf(finished);
  const configurations = panels.map(
    ({ title, base }) => markup`
      <details><summary>Complete configuration of a run: ${title}</summary>
      <pre>${JSON.stringify(base, null, 2)}</pre></details>
    `,
  );
  return markup`
    <h2>How to get this again</h2>

    <pre>${command}</pre>

    <p>${finished.length} runs, ${minutes} minutes of run time on ${cpu}
    (${threads} thread a run, ${steps} steps, ${precision}), Node ${node}, TensorFlow
    ${tensorflow}.</p>

    ${lines(configurations)}
  `;
}

/** Minutes that all runs took together, and what the first one ran on. */
export function originOf(finished: readonly FinishedRun[]) {
  const seconds = finished.reduce((sum, { result }) => sum + result.seconds, 0);
  return {
    ...{ cpu: '?', threads: '?', steps: '?', precision: '?', node: '?', tensorflow: '?' },
    ...finished[0]?.result.environment,
    minutes: Math.round(seconds / 60),
  };
}
