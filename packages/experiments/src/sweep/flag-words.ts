import { parse } from 'node:path';
import { recipe } from '../recipes/registry.ts';
import type { SweepFlags } from './flags.ts';

/** Name of the folder of results: the recipe, and what was given in place of the recipe's own. */
export function resultsName(flags: SweepFlags): string {
  const given = [flags.textures ?? flags.data, flags.init].flatMap((path) => path ?? []);
  const usual = recipe(flags.recipe).panels[0]?.base.precision;
  return [
    flags.recipe,
    ...given.map((path) => parse(path).name),
    ...(flags.precision === undefined || flags.precision === usual ? [] : [flags.precision]),
  ].join('-');
}

/** The command that gives a sweep, but for its folder. */
export function commandLine(flags: SweepFlags, eager: boolean): string {
  const options: readonly [name: string, value: string | number | undefined][] = [
    ['recipe', flags.recipe],
    ['seeds', flags.seeds],
    ['data', flags.data],
    ['textures', flags.textures],
    ['classes', flags.classes?.join(',')],
    ['noise-class', flags.noiseClass],
    ['init', flags.init],
    ['precision', flags.precision],
  ];
  const given = options.filter(([, value]) => value !== undefined);
  return [
    'npx nx run experiments:sweep --',
    ...given.map(([name, value]) => `--${name} ${value ?? ''}`),
    ...(eager ? ['--eager'] : []),
  ].join(' ');
}
