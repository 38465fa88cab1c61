import type { XbdIndex, XbdPair } from './index-file.ts';

/**
 * The pair of a name, STEM or SPLIT/STEM.
 * @throws if there is none: with what is wrong with the place, or a few names that there are
 */
export function findPair({ root, pairs, problems }: XbdIndex, name: string): XbdPair {
  const isMeant = ({ split, stem }: { split: string; stem: string }) =>
    stem === name || `${split}/${stem}` === name;
  const pair = pairs.find(isMeant);
  if (pair) return pair;
  const problem = problems.find((one) => one.fatal && isMeant(one));
  if (problem)
    throw new Error(`${name}: no pair: ${problem.file ? `${problem.file}: ` : ''}${problem.what}`);
  const some = pairs.slice(0, 3).map(({ stem }) => stem);
  throw new Error(
    `${name}: expected one of ${pairs.length} pairs below ${root} (as ${some.join(', ')}), ` +
      'got none of that name',
  );
}
