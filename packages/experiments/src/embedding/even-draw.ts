import type { Random } from '@noisy-pairs/imaging';

/**
 * Draws from a stream whose types of items are of very different numbers: as evenly over the types
 * as they allow, and uniformly within each.
 */
export interface EvenDraw<T> {
  /** @param make is called only if the item is kept for now */
  offer(type: string, make: () => T): void;
  /**
   * As many as were asked for, or all there were, in random order; to be called once, at the end.
   */
  drawn(): T[];
}

/** A sample of the items of one type. */
interface Reservoir<T> {
  readonly kept: T[];
  /** Items offered so far. */
  seen: number;
  readonly random: Random;
}

/**
 * Keeps at most `count` items of each type at a time (reservoir sampling; Vitter 1985, algorithm
 * R).
 */
export function evenDraw<T>(count: number, random: Random): EvenDraw<T> {
  const reservoirs = new Map<string, Reservoir<T>>();
  const open = (type: string) => {
    const opened = { kept: [], seen: 0, random: random.split('kind', type) };
    reservoirs.set(type, opened);
    return opened;
  };
  return {
    offer(type, make) {
      const reservoir = reservoirs.get(type) ?? open(type);
      const { kept, seen } = reservoir;
      const at = seen < count ? seen : reservoir.random.int(seen + 1);
      reservoir.seen++;
      if (at < count) kept[at] = make();
    },
    drawn() {
      const byName = [...reservoirs].sort(([a], [b]) => (a < b ? -1 : 1));
      const scarceFirst = byName
        .map(([, reservoir]) => reservoir)
        .sort((a, b) => a.kept.length - b.kept.length);
      const all: T[] = [];
      for (const [i, { kept, random: own }] of scarceFirst.entries()) {
        // what scarce types leave goes to the others
        const share = Math.floor((count - all.length) / (scarceFirst.length - i));
        all.push(...own.shuffle(kept).slice(0, share));
      }
      return random.split('order').shuffle(all);
    },
  };
}
