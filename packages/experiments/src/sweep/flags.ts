import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { brief, callerPath } from '@noisy-pairs/command-line';
import { withOverrides } from '../config/overrides/overrides.ts';
import { type RunConfig } from '../config/run-config.ts';
import { sweepConfig, type Panel, type SweepConfig } from '../config/sweep-config.ts';
import { kindOf, type DataConfig } from '../data/data-config.ts';
import type { DataFlags, GivenData } from '../data/kind.ts';
import { parseConfig } from '../config/parse-config.ts';

/** The parts of a recipe that a command line may change. Paths are absolute. */
export interface SweepFlags extends DataFlags {
  /** Values in place of the recipe's: KEY=VALUE each. */
  readonly set?: readonly string[] | undefined;
  readonly seeds?: number | undefined;
  readonly init?: string | undefined;
  readonly precision?: 'float32' | 'bf16' | undefined;
}

/**
 * A recipe with what the flags change. Paths in it are seen from where the user stands.
 * @param say called with a line on the data that were found
 * @throws one line on a flag that is missing, superfluous, or names data that cannot be used
 */
export async function sweepOf(
  recipe: SweepConfig,
  flags: SweepFlags,
  say: (line: string) => void,
): Promise<SweepConfig> {
  refuseUnused(flags, recipe);
  refuseBoth(flags);
  const sweep = withOverrides(recipe, flags.set ?? [], say);
  const given = flags.init === undefined ? undefined : initOf(flags.init);
  const found = new Map<string, Promise<GivenData<DataConfig>>>();
  const panels: Panel[] = [];
  const assumed = new Map<string, readonly [string, string]>();
  for (const panel of sweep.panels) {
    // panels of several methods are on the same data
    const { base, imageNoises, noisyShares } = panel;
    const wanted = { data: base.data, imageNoises, noisyShares };
    const key = JSON.stringify(wanted);
    const known = found.get(key) ?? kindOf(base.data).given(wanted, flags, say);
    found.set(key, known);
    const { data, noisyShares: shares, assumptions = {} } = await known;
    for (const [field, words] of Object.entries(assumptions)) assumed.set(field, words);
    const precision = flags.precision ?? base.precision;
    const init = given ?? (base.init && { ...base.init, file: callerPath(base.init.file) });
    panels.push({ ...panel, base: { ...base, data, init, precision }, noisyShares: [...shares] });
  }
  const assumptions = sweep.assumptions.map(([field, ...words]) => [
    field,
    ...(assumed.get(field) ?? words),
  ]);
  if (given)
    assumptions.push([
      'start',
      `weights of ${given.file}`,
      'given by the user; the bound without pretraining has them too',
    ]);
  const seeds = flags.seeds ?? sweep.seeds;
  return parseConfig(sweepConfig, { ...sweep, panels, seeds, assumptions }, 'sweep');
}

/** @throws if a flag is of no use to any data of the recipe */
function refuseUnused(flags: SweepFlags, { panels }: SweepConfig): void {
  const { recipe: name, data, textures } = flags;
  const taken = new Set(panels.flatMap(({ base }) => kindOf(base.data).takes));
  if (data !== undefined && !taken.has('data'))
    throw new Error(`--data: expected none with recipe ${name}, which makes its data, got ${data}`);
  if (textures !== undefined && !taken.has('textures'))
    throw new Error(`--textures: expected none with recipe ${name}, got ${textures}`);
  if (textures === undefined && (flags.classes ?? flags.noiseClass))
    throw new Error('--classes and --noise-class: expected --textures with them, got none');
}

/** Flags and what --set may name in their place. */
const sameThings = [
  ['data', '--data', /^data\.(index|dir)$|^data$/],
  ['textures', '--textures', /^data\.textures|^data$/],
  ['init', '--init', /^init/],
  ['precision', '--precision', /^precision$/],
] as const;

/** @throws if a flag and --set are about one thing */
function refuseBoth({ set = [], ...flags }: SweepFlags): void {
  for (const [name, flag, key] of sameThings) {
    const other = set.find((setting) => key.test(setting.split('=')[0] ?? ''));
    if (flags[name] !== undefined && other !== undefined)
      throw new Error(`${flag}: expected it or --set ${brief(other)}, got both`);
  }
}

function initOf(file: string): NonNullable<RunConfig['init']> {
  if (!existsSync(file) || !statSync(file).isFile())
    throw new Error(`--init: expected a .safetensors file of encoder weights at ${file}, got none`);
  return { file, sha256: createHash('sha256').update(readFileSync(file)).digest('hex') };
}
