import { armName, type Arm, type Arms } from '../../config/arms.ts';
import type { Comparison, Difference } from '../../config/comparison.ts';
import type { RunConfig } from '../../config/run-config.ts';
import type { Setting } from '../../config/setting.ts';
import type { Panel } from '../../config/sweep-config.ts';
import { kindOf } from '../../data/data-config.ts';

/** A panel with arms in place of a grid. */
export type ArmPanel = Panel & { readonly arms: Arms };

/** The setting of an arm. Its pairs are whatever its choice says: no noise is mixed in. */
export const armSetting = ({ choice, loss }: Arm, { imageNoises }: Panel): Setting => ({
  kind: 'pretrained',
  imageNoise: imageNoises[0] ?? 0,
  noisyShare: 0,
  remedy: loss === 'robust' ? 'robust' : 'keep',
  choice,
});

/** The part of a run's configuration that says its pairs. */
export const armPairs = (
  { choice }: Arm,
  { imageNoises }: Panel,
): Pick<RunConfig, 'imageNoise' | 'noisyShare' | 'filter' | 'choice'> => ({
  imageNoise: imageNoises[0] ?? 0,
  noisyShare: 0,
  filter: 'none',
  choice,
});

/**
 * The differences that a panel of arms asks for.
 * @throws if one names an arm that the panel lacks
 */
export function armComparisons(panel: ArmPanel): Comparison[] {
  const { question, list, comparisons } = panel.arms;
  const byName = new Map(list.map((arm) => [armName(arm), armSetting(arm, panel)]));
  const settingOf = (name: string): Setting => {
    const found = byName.get(name);
    if (found) return found;
    const known = [...byName.keys()].join(', ');
    throw new Error(`arms.comparisons: expected one of the arms ${known}, got ${name}`);
  };
  const differenceOf = (two: { arm: string; against: string }): Difference => ({
    setting: settingOf(two.arm),
    against: settingOf(two.against),
  });
  return comparisons.map(({ title, less, ...two }) => ({
    question,
    title,
    ...differenceOf(two),
    ...(less ? { less: differenceOf(less) } : {}),
  }));
}

/** @throws if the panel's kind of data does not make the pairs of one of its arms */
export function requireChoices({ base: { data }, arms }: ArmPanel): void {
  const known = Object.keys(kindOf(data).words.choices ?? {});
  const unknown = arms.list.find(({ choice }) => !known.includes(choice));
  if (!unknown) return;
  const expected = known.length > 0 ? `one of ${known.join(', ')}` : 'none';
  throw new Error(`arms: expected ${expected} as pairs of ${data.kind}, got ${unknown.choice}`);
}
