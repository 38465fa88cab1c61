import { parseConfig, sweepConfig, type SweepConfig } from '../config.ts';
import { smoke } from './smoke.ts';
import { vtsMocoFull } from './vts-moco-full.ts';
import { vtsMoco } from './vts-moco.ts';
import { xbdMoco } from './xbd-moco.ts';
import { xbdSmoke } from './xbd-smoke.ts';

/** Recipes by name. A recipe of your own is a function that returns a SweepConfig, and an entry here. */
export const recipes = { 'vts-moco': vtsMoco, 'vts-moco-full': vtsMocoFull, 'xbd-moco': xbdMoco, smoke, 'xbd-smoke': xbdSmoke } as const;

/** @throws naming the recipes there are. */
export function recipe(name: string): SweepConfig {
  if (!Object.hasOwn(recipes, name)) throw new Error(`recipe: expected one of ${Object.keys(recipes).join(', ')}, got ${name}`);
  return parseConfig(sweepConfig, recipes[name as keyof typeof recipes](), `recipe ${name}`);
}
