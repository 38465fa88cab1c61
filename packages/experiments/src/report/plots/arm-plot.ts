import { metrics, type Metric } from '../../data/metric.ts';
import { settingName } from '../setting-name.ts';
import type { PanelSummary } from '../summary/summary.ts';
import { intervalOf } from './trend-scale.ts';

/** Whether a panel has arms, which stand below each other, in place of a grid of noise. */
export const hasArms = ({ cells }: PanelSummary): boolean =>
  cells.some(({ choice }) => choice !== undefined);

/** A row an arm, and the bounds among them: the mean over seeds with its 95 % interval. */
export function armSpec(
  panel: PanelSummary & { readonly metric: Metric['name'] },
  domain: readonly number[],
  titled: boolean,
): object {
  const points = panel.cells.flatMap((setting) => {
    if (!setting.score) return [];
    const [low, high] = intervalOf(setting.score);
    const role = setting.kind === 'pretrained' ? 'arm' : 'bound';
    return { arm: settingName(setting, panel), role, mean: setting.score.mean, low, high };
  });
  const dots = panel.cells.flatMap((setting) =>
    (setting.seeds ?? []).map(({ value, learned }) => ({
      arm: settingName(setting, panel),
      role: setting.kind === 'pretrained' ? 'arm' : 'bound',
      mean: value,
      learned: learned !== false,
    })),
  );
  const y = {
    field: 'arm',
    type: 'nominal',
    title: null,
    sort: points.map(({ arm }) => arm),
  };
  const x = {
    type: 'quantitative',
    title: `${metrics[panel.metric].title}, frozen encoder`,
    scale: { zero: false, nice: true, domain },
  };
  const color = {
    field: 'role',
    type: 'nominal',
    scale: { domain: ['arm', 'bound'], range: ['#1b6ca8', '#888'] },
    legend: null,
  };
  return {
    width: 560,
    height: { step: 26 },
    ...(titled ? { title: panel.title } : {}),
    data: { values: points },
    layer: [
      ...[true, false].map((learned) => ({
        data: { values: dots.filter((dot) => dot.learned === learned) },
        mark: { type: 'point', filled: learned, size: 18, opacity: 0.55, yOffset: 7, clip: true },
        encoding: { y, x: { field: 'mean', ...x }, color },
      })),
      {
        mark: { type: 'rule', strokeWidth: 1.5, clip: true },
        encoding: { y, x: { field: 'low', ...x }, x2: { field: 'high' }, color },
      },
      {
        mark: { type: 'point', filled: true, size: 70, opacity: 1 },
        encoding: { y, x: { field: 'mean', ...x }, color },
      },
    ],
  };
}
