import { kindOf } from '../../data/data-config.ts';
import { openRunData } from '../../data/open-data.ts';
import type { SweepPlan } from '../plan.ts';

/**
 * A line an arm on the pairs that its run of seed 0 learns from; arms of several panels that have
 * the same pairs share one. None for a sweep without arms.
 * @throws one line on an arm for which the data have no pairs
 */
export async function pairCountLines({ runs }: SweepPlan): Promise<string[]> {
  const lines = new Map<string, string>();
  for (const { config } of runs) {
    const { data, choice, seed } = config;
    const key = JSON.stringify([data, choice]);
    if (choice === undefined || seed !== 0 || lines.has(key)) continue;
    const { counts = {} } = await openRunData(config);
    const { choices = {}, counts: words = {} } = kindOf(data).words;
    const parts = Object.entries(counts).map(([name, value]) => {
      const { title, share } = words[name] ?? { title: name, share: false };
      return share ? `${(100 * value).toFixed(1)} % ${title}` : `${value} ${title}`;
    });
    lines.set(key, `${choices[choice] ?? choice}: ${parts.join(', ')} (seed 0)`);
  }
  return [...lines.values()];
}
