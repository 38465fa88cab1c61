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
  return [
    'npx nx run experiments:sweep --',
    ...flagsAsTyped(options),
    ...(eager ? ['--eager'] : []),
  ].join(' ');
}

/** `--NAME VALUE` of each option that is given, as one types it in a shell. */
export const flagsAsTyped = (
  options: readonly (readonly [name: string, value: string | number | undefined])[],
): string[] =>
  options.flatMap(([name, value]) =>
    value === undefined ? [] : `--${name} ${shellWord(String(value))}`,
  );

/** An argument as a shell reads it: quoted where it has more than letters, numbers and the like. */
const shellWord = (text: string) =>
  /^[\w./:,=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
