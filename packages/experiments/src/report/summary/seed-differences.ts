/** A comparison in one seed. */
export interface SeedDifference {
  readonly seed: number;
  /** The metric's difference, or difference of differences, -2..2. */
  readonly value: number;
  /** Whether all runs behind it learned: false if one did not, null if of one nobody can tell. */
  readonly learned: boolean | null;
}

/** Several settings' differences as one a seed: their mean, in each seed that all of them have. */
export function pooledBySeed(settings: readonly (readonly SeedDifference[])[]): SeedDifference[] {
  const [first = []] = settings;
  return first.flatMap(({ seed }) => {
    const some = settings.flatMap((seeds) => seeds.find((one) => one.seed === seed) ?? []);
    if (some.length < settings.length) return [];
    const value = some.reduce((sum, one) => sum + one.value, 0) / some.length;
    return [{ seed, value, learned: allLearned(some) }];
  });
}

/** The first setting's differences less the other's, in each seed that both have. */
export function subtractBySeed(
  minuend: readonly SeedDifference[],
  subtrahend: readonly SeedDifference[],
): SeedDifference[] {
  return minuend.flatMap((one) => {
    const other = subtrahend.find(({ seed }) => seed === one.seed);
    if (!other) return [];
    return [{ seed: one.seed, value: one.value - other.value, learned: allLearned([one, other]) }];
  });
}

export const valuesOf = (seeds: readonly SeedDifference[]) => seeds.map(({ value }) => value);

/** Seeds that hold no run that did not learn. */
export const learnedOf = (seeds: readonly SeedDifference[]) =>
  seeds.filter(({ learned }) => learned !== false);

/** False if one did not, null if of one nobody can tell. */
function allLearned(some: readonly Pick<SeedDifference, 'learned'>[]): boolean | null {
  const learned = some.map((one) => one.learned);
  if (learned.includes(false)) return false;
  return learned.includes(null) ? null : true;
}
