import { parse } from 'node:path';
import { isRecipeFile } from '../recipes/recipe-file.ts';
import type { SweepConfig } from '../config/sweep-config.ts';
import type { SweepFlags } from './flags.ts';

/**
 * Name of the folder of results: the recipe (or its file), and what was given in place of its own.
 */
export function resultsName({ panels }: SweepConfig, flags: SweepFlags): string {
  const given = [flags.textures ?? flags.data, flags.init].flatMap((path) => path ?? []);
  const usual = panels[0]?.base.precision;
  const name = isRecipeFile(flags.recipe) ? parse(flags.recipe).name : flags.recipe;
  return [
    name,
    ...given.map((path) => parse(path).name),
    ...(flags.precision === undefined || flags.precision === usual ? [] : [flags.precision]),
    ...(flags.set ?? []).map((setting) => setting.replace(/[^\w.,=-]/g, '')),
  ].join('-');
}

/**
 * The command that gives a sweep, but for its folder.
 * @param margin of its report, in points; absent: the usual one
 */
export function commandLine(flags: SweepFlags, eager: boolean, margin?: number): string {
  const options: readonly [name: string, value: string | number | undefined][] = [
    ['recipe', flags.recipe],
    ...(flags.set ?? []).map((setting): [string, string] => ['set', setting]),
    ['seeds', flags.seeds],
    ['data', flags.data],
    ['textures', flags.textures],
    ['classes', flags.classes?.join(',')],
    ['noise-class', flags.noiseClass],
    ['init', flags.init],
    ['precision', flags.precision],
    ['margin', margin],
  ];
  const given = options.filter(([, value]) => value !== undefined);
  return [
    'npx nx run experiments:sweep --',
    ...given.map(([name, value]) => `--${name} ${shellWord(String(value))}`),
    ...(eager ? ['--eager'] : []),
  ].join(' ');
}

/** An argument as a shell reads it: quoted where it has more than letters, numbers and the like. */
export const shellWord = (text: string) =>
  /^[\w./:,=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
