import type { Random } from '@noisy-pairs/imaging';

/**
 * Draws from a stream whose kinds are of very different numbers: as evenly over the kinds as they
 * allow, and uniformly within each.
 */
export interface EvenDraw<T> {
  /** @param make is called only if the item is kept for now */
  offer(kind: string, make: () => T): void;
  /**
   * As many as were asked for, or all there were, in random order; to be called once, at the end.
   */
  drawn(): T[];
}

/**
 * Keeps at most `count` items of each kind at a time (reservoir sampling; Vitter 1985, algorithm
 * R).
 */
export function evenDraw<T>(count: number, random: Random): EvenDraw<T> {
  const kinds = new Map<string, { readonly kept: T[]; seen: number; readonly random: Random }>();
  return {
    offer(name, make) {
      const kind = kinds.get(name) ?? { kept: [], seen: 0, random: random.split('kind', name) };
      kinds.set(name, kind);
      const at = kind.seen < count ? kind.seen : kind.random.int(kind.seen + 1);
      kind.seen++;
      if (at < count) kind.kept[at] = make();
    },
    drawn() {
      const scarceFirst = [...kinds.keys()]
        .sort()
        .flatMap((name) => kinds.get(name) ?? [])
        .sort((a, b) => a.kept.length - b.kept.length);
      const all: T[] = [];
      for (const [i, { kept, random: own }] of scarceFirst.entries()) {
        // what scarce kinds leave goes to the others
        const share = Math.floor((count - all.length) / (scarceFirst.length - i));
        all.push(...own.shuffle(kept).slice(0, share));
      }
      return random.split('order').shuffle(all);
    },
  };
}
