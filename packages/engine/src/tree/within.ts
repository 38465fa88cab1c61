/** The entries of a flat record under `prefix/`, by their names without it; borrowed. */
export function within<T>(prefix: string, entries: Readonly<Record<string, T>>): Record<string, T> {
  const start = `${prefix}/`;
  return Object.fromEntries(
    Object.entries(entries)
      .filter(([name]) => name.startsWith(start))
      .map(([name, entry]) => [name.slice(start.length), entry]),
  );
}
