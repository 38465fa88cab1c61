import { brief } from '@noisy-pairs/command-line';
import type { z } from 'zod';
import { parseConfig } from '../parse-config.ts';
import { panelConfig, sweepConfig, type Panel, type SweepConfig } from '../sweep-config.ts';
import { nearestKeys } from './nearest-key.ts';
import { allFields, fieldAt, valueAt, withValueAt } from './schema-fields.ts';

/** `--set KEY=VALUE`, taken apart. */
interface Override {
  /** Names joined by points: `pretrain.steps`. */
  readonly key: string;
  readonly text: string;
}

/** Fields of a panel's grid; all others that can be set are those of its base. */
const gridFields: readonly string[] = ['imageNoises', 'noisyShares', 'remedies', 'robust', 'arms'];

/**
 * A sweep with other values in every panel that has the key: a field of what its runs share
 * (`pretrain.steps`, `method.temperature`), or of its grid (`imageNoises`). Each is typed by the
 * schema: text as it is, all else as JSON; and is listed among the assumptions.
 * @param settings `KEY=VALUE` each
 * @param say called with a line where some panels have no such key
 * @throws one line on a key that is unknown, with the nearest one, or a value that is not allowed
 */
export function withOverrides(
  sweep: SweepConfig,
  settings: readonly string[],
  say: (line: string) => void,
): SweepConfig {
  if (settings.length === 0) return sweep;
  const overrides = settings.map(takeApart);
  refuseTwice(overrides);
  const changed = overrides.reduce((current, override) => withOne(current, override, say), sweep);
  return parseConfig(sweepConfig, { ...changed, cost: `${sweep.cost} before --set` }, '--set');
}

function takeApart(setting: string): Override {
  const [, key, text] = /^([^=]+)=(.*)$/s.exec(setting) ?? [];
  if (key === undefined || text === undefined)
    throw new Error(`--set: expected KEY=VALUE, got ${brief(setting)}`);
  return { key, text };
}

function refuseTwice(overrides: readonly Override[]): void {
  const keys = overrides.map(({ key }) => key);
  const twice = keys.find((key, i) => keys.indexOf(key) !== i);
  if (twice === undefined) return;
  const texts = overrides.flatMap(({ key, text }) => (key === twice ? [text] : []));
  throw new Error(`--set ${twice}: expected one value, got ${brief(texts.join(', '))}`);
}

function withOne(
  sweep: SweepConfig,
  { key, text }: Override,
  say: (line: string) => void,
): SweepConfig {
  const path = pathOf(key);
  const having = sweep.panels.filter((panel) => fieldAt(panelConfig, panel, path));
  if (having.length === 0) throw unknownKey(key, sweep.panels);
  if (having.length < sweep.panels.length)
    say(`--set ${key}: in panels ${having.map(({ name }) => name).join(', ')}; others have none`);
  const panels = sweep.panels.map((panel) => {
    const field = fieldAt(panelConfig, panel, path);
    return field ? (withValueAt(panel, path, typed(field, text, key)) as Panel) : panel;
  });
  const before = new Set(having.map((panel) => inWords(valueAt(panel, path))));
  const row = [`--set ${key}`, text, `given by the user, in place of ${[...before].join(' or ')}`];
  const others = sweep.assumptions.filter(([field]) => field !== row[0]);
  return { ...sweep, panels, assumptions: [...others, row as [string, string, string]] };
}

const inWords = (value: unknown) => (value === undefined ? 'none' : JSON.stringify(value));

/** Names that lead from a panel to the field of a key. */
function pathOf(key: string): string[] {
  const names = key.split('.');
  return gridFields.includes(names[0] ?? '') ? names : ['base', ...names];
}

function unknownKey(key: string, panels: readonly Panel[]): Error {
  if (key === 'seeds') return new Error('--set: expected --seeds for the number of seeds');
  const known = panels.flatMap((panel) => [
    ...allFields(panelConfig.shape.base, panel.base).map((path) => path.join('.')),
    ...gridFields,
  ]);
  const nearest = nearestKeys(key, known).join(' or ');
  return new Error(`--set: expected a known key such as ${nearest}, got ${brief(key)}`);
}

/** The value that a text stands for: as JSON where that is allowed, else as it is. */
function typed(field: z.ZodType, text: string, key: string): unknown {
  if (field.safeParse(text).success) return text;
  const json = parsedJson(text);
  return parseConfig(field, json === undefined ? text : json, `--set ${key}`);
}

/** Undefined if a text is no JSON. */
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
