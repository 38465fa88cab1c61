import type { Fingerprints } from '../set/fingerprints.ts';
import type { PairEntry } from '../set/pair-set.ts';
import type { Alarm } from './alarm.ts';

const mostNamed = 5;

/** Images that are in the set twice, to the pixel. Blank ones are not counted. */
export function duplicateAlarms(
  pairs: readonly PairEntry[],
  prints: ReadonlyMap<number, Fingerprints>,
): Alarm[] {
  const same: string[] = [];
  const users = new Map<string, Set<string>>();
  for (const [index, { first, second, blank }] of prints) {
    const name = pairs[index]?.name ?? String(index);
    if (first === second && !(blank.first && blank.second)) same.push(name);
    for (const hash of [blank.first ? [] : [first], blank.second ? [] : [second]].flat())
      users.set(hash, (users.get(hash) ?? new Set()).add(name));
  }
  const groups = [...users.values()].filter(({ size }) => size > 1);
  return [
    {
      name: 'same image twice',
      state: same.length > 0 ? 'alarm' : 'none',
      line:
        `in ${same.length} of ${prints.size} pairs both images are the same pixels` + named(same),
    },
    {
      name: 'duplicates',
      state: groups.length > 0 ? 'alarm' : 'none',
      line:
        `${groups.length} images are in more than one pair, to the pixel` +
        named(groups.map((group) => [...group].slice(0, mostNamed).join(' = '))),
    },
  ];
}

function named(names: readonly string[]): string {
  if (names.length === 0) return '';
  const more = names.length > mostNamed ? `, and ${names.length - mostNamed} more` : '';
  return `: ${names.slice(0, mostNamed).join(', ')}${more}`;
}
