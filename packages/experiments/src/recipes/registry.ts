import { parseConfig } from '../config/parse-config.ts';
import { sweepConfig, type SweepConfig } from '../config/sweep-config.ts';
import { cifar10FalsePairsFull } from './cifar10/false-pairs-full.ts';
import { cifar10FalsePairs } from './cifar10/false-pairs.ts';
import { cifar10Smoke } from './cifar10/smoke.ts';
import { denseSmoke, vtsDense } from './vts/dense.ts';
import { filterSmoke, vtsFilter } from './vts/filter.ts';
import { lengthSmoke, vtsLength } from './vts/length.ts';
import { vtsMocoFull } from './vts/moco-full.ts';
import { vtsMocoLong } from './vts/moco-long.ts';
import { vtsMoco } from './vts/moco.ts';
import { smoke } from './vts/smoke.ts';
import { xbdDense } from './xbd/dense.ts';
import { xbdFilter } from './xbd/filter.ts';
import { xbdMoco } from './xbd/moco.ts';
import { xbdSmoke } from './xbd/smoke.ts';

/**
 * Recipes by name. A recipe of your own is a function that returns a SweepConfig, and an entry
 * here.
 */
export const recipes = {
  'vts-moco': vtsMoco,
  'vts-moco-long': vtsMocoLong,
  'vts-moco-full': vtsMocoFull,
  'vts-length': vtsLength,
  'vts-dense': vtsDense,
  'vts-filter': vtsFilter,
  'xbd-moco': xbdMoco,
  'xbd-dense': xbdDense,
  'xbd-filter': xbdFilter,
  'cifar10-false-pairs': cifar10FalsePairs,
  'cifar10-false-pairs-full': cifar10FalsePairsFull,
  smoke,
  'length-smoke': lengthSmoke,
  'dense-smoke': denseSmoke,
  'filter-smoke': filterSmoke,
  'xbd-smoke': xbdSmoke,
  'cifar10-smoke': cifar10Smoke,
} as const;

/** @throws naming the recipes there are. */
export function recipe(name: string): SweepConfig {
  if (!Object.hasOwn(recipes, name))
    throw new Error(`recipe: expected one of ${Object.keys(recipes).join(', ')}, got ${name}`);
  return parseConfig(sweepConfig, recipes[name as keyof typeof recipes](), `recipe ${name}`);
}
