import { armName } from '../../config/arms.ts';
import { robustMethods } from '../../config/methods.ts';
import type { RunConfig } from '../../config/run-config.ts';
import type { Remedy, Setting } from '../../config/setting.ts';
import type { Panel } from '../../config/sweep-config.ts';
import { kindOf } from '../../data/data-config.ts';
import { armPairs, armSetting, requireChoices, type ArmPanel } from './arm-settings.ts';

/** The pairs that a run learns from, in its configuration. */
type NoiseConfig = Pick<RunConfig, 'imageNoise' | 'noisyShare' | 'filter' | 'choice'>;

/** A setting of a panel, and its runs but for their seed. */
export interface PanelSetting {
  /** In names of runs. */
  readonly name: string;
  readonly setting: Setting;
  readonly method: RunConfig['method'];
  readonly noise: NoiseConfig;
}

/**
 * The settings of a panel: the bounds, then the panel's arms; or clean pairs once (the level of
 * noise means nothing there), then level x noisy share, and the remedies. A filter that leaves
 * nothing (noisy share 1) has no setting, and without labels there are no bounds.
 * @throws if the panel has neither, or arms that its kind of data does not make
 */
export function panelSettings(panel: Panel): PanelSetting[] {
  const { imageNoises, noisyShares, arms } = panel;
  if (arms) return [...bounds(panel), ...armSettings({ ...panel, arms })];
  if (noisyShares.length === 0)
    throw new Error(`panel ${panel.name}: expected noisyShares or arms, got neither`);
  const noisy = imageNoises.flatMap((imageNoise) =>
    noisyShares.flatMap((noisyShare) => noisySettings(panel, { imageNoise, noisyShare })),
  );
  return [...bounds(panel), ...cleanSettings(panel), ...noisy];
}

type Noise = Pick<Setting, 'imageNoise' | 'noisyShare'>;

const clean: Noise = { imageNoise: 0, noisyShare: 0 };
const cleanRun: NoiseConfig = { ...clean, filter: 'none' };

function bounds({ base: { data, method } }: Panel): PanelSetting[] {
  if (kindOf(data).tasks(data).length === 0) return [];
  return (['random', 'supervised'] as const).map((kind) => ({
    name: kind,
    setting: { ...clean, kind, remedy: 'keep' },
    method,
    noise: cleanRun,
  }));
}

function armSettings(panel: ArmPanel): PanelSetting[] {
  requireChoices(panel);
  return panel.arms.list.map((arm) => ({
    name: armName(arm),
    setting: armSetting(arm, panel),
    method: arm.loss === 'robust' ? withLoss(panel) : panel.base.method,
    noise: armPairs(arm, panel),
  }));
}

function cleanSettings(panel: Panel): PanelSetting[] {
  const { method } = panel.base;
  const keep = pretrained('clean', clean, 'keep', method, cleanRun);
  if (!panel.remedies.includes('robust')) return [keep];
  return [keep, pretrained('clean-robust', clean, 'robust', withLoss(panel), cleanRun)];
}

function noisySettings(panel: Panel, noise: Noise): PanelSetting[] {
  const { data, method } = panel.base;
  const { imageNoise, noisyShare } = noise;
  const { slug } = kindOf(data).words;
  const name = `${slug}${imageNoise}-share${noisyShare}`;
  const kept: NoiseConfig = { ...noise, filter: 'none' };
  const filtered: NoiseConfig = { imageNoise: 0, noisyShare, filter: 'clean' };
  const settings = [pretrained(name, noise, 'keep', method, kept)];
  const remedies = new Set(panel.remedies);
  if (remedies.has('robust'))
    settings.push(pretrained(`${name}-robust`, noise, 'robust', withLoss(panel), kept));
  if (remedies.has('filter') && noisyShare < 1)
    settings.push(pretrained(`share${noisyShare}-filter`, noise, 'filter', method, filtered));
  if (remedies.has('same-size'))
    settings.push(pretrained('clean', noise, 'same-size', method, cleanRun));
  return settings;
}

function pretrained(
  name: string,
  levels: Noise,
  remedy: Remedy,
  method: RunConfig['method'],
  noise: NoiseConfig,
): PanelSetting {
  return { name, setting: { ...levels, kind: 'pretrained', remedy }, method, noise };
}

/**
 * The panel's method with the robust loss.
 * @throws if the method has no InfoNCE to exchange
 */
function withLoss({ base: { method }, robust }: Panel): RunConfig['method'] {
  if (!('robust' in method))
    throw new Error(
      `remedy robust: expected a method with InfoNCE (${robustMethods.join(', ')}), got ` +
        method.name,
    );
  return { ...method, robust };
}
