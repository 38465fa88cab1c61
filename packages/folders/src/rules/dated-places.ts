import type { LeftOut } from '../index/folder-index.ts';
import { dateIn, withoutDates } from './dates.ts';
import type { Found, NamedImage, NamedPair } from './found.ts';
import { groupBy } from './group-by.ts';
import { joined } from './names.ts';
import { allLeftOut } from './twins.ts';

/** Which dates of a place are paired: each with the next, the first with the last, or all. */
export const dateChoices = ['consecutive', 'ends', 'all'] as const;
export type DateChoice = (typeof dateChoices)[number];

/** An image with a date in its path. */
interface Dated {
  readonly image: NamedImage;
  readonly date: string;
  /** The folder above what is dated. */
  readonly folder: string;
  /** The path below it, dates taken out. */
  readonly rest: string;
}

/** A folder a place, whose images say when they were taken, by their name or a folder's. */
export function datedPlaces(
  images: readonly NamedImage[],
  choice: DateChoice = 'consecutive',
): Found | undefined {
  const series = seriesOf(images.flatMap((image) => datedOf(image) ?? []));
  const leftOut: LeftOut[] = [];
  const pairs: NamedPair[] = [];
  const folders = new Set([...series.values()].map(([one]) => one?.folder));
  for (const [key, all] of series) {
    // Of several folders each is a place, whatever series are in it.
    const place = folders.size > 1 ? (all[0]?.folder ?? '') : key;
    const dates = new Map<string, Dated>();
    for (const one of all) {
      const taken = dates.get(one.date);
      if (!taken) dates.set(one.date, one);
      else leftOut.push(...allLeftOut(one.image, `of the date of ${taken.image.path}`));
    }
    const sorted = [...dates.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
    const [only] = sorted;
    if (sorted.length === 1 && only)
      leftOut.push(...allLeftOut(only.image, 'the only date of its place'));
    for (const [first, second] of chosen(sorted, choice)) {
      const name = [key || '.', first.date, second.date].join(' ');
      pairs.push({ name, first: first.image, second: second.image, place: place || '.' });
    }
    if (choice === 'ends')
      for (const { image } of sorted.slice(1, -1))
        leftOut.push(...allLeftOut(image, 'a date between the ends'));
  }
  if (pairs.length === 0) return undefined;
  return { rule: 'a folder a place', how: `dates, ${choice}`, pairs, leftOut, notes: [] };
}

function datedOf(image: NamedImage): Dated | undefined {
  const parts = image.path.split('/');
  const at = parts.findLastIndex((part) => dateIn(part) !== undefined);
  const date = dateIn(parts[at] ?? '');
  if (date === undefined) return undefined;
  const rest = parts.slice(at).map(withoutDates).join('/');
  return { image, date, folder: parts.slice(0, at).join('/'), rest };
}

/**
 * Images by what they show. Names of a folder that are equal but for dates are a series, if each
 * has two dates or more; else the folder is one.
 */
function seriesOf(dated: readonly Dated[]): Map<string, Dated[]> {
  const series = new Map<string, Dated[]>();
  for (const [folder, all] of groupBy(dated, (one) => one.folder)) {
    const byRest = groupBy(all, ({ rest }) => rest);
    const isSeries = [...byRest.values()].every(
      (group) => new Set(group.map(({ date }) => date)).size > 1,
    );
    if (!isSeries || byRest.size === 1) series.set(folder, all);
    else
      for (const [rest, group] of byRest)
        series.set(joined(folder, rest.replace(/^\//, '')), group);
  }
  return series;
}

function chosen(sorted: readonly Dated[], choice: DateChoice): [Dated, Dated][] {
  const last = sorted.length - 1;
  if (last < 1) return [];
  if (choice === 'ends') return [[sorted[0] as Dated, sorted[last] as Dated]];
  return sorted.flatMap((first, i) => {
    const later = sorted.slice(i + 1, choice === 'all' ? undefined : i + 2);
    return later.map((second): [Dated, Dated] => [first, second]);
  });
}
