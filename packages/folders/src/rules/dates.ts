const days = /(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)(?:t\d{6})?/i;
const written = /(?<!\d)((?:19|20)\d\d)([-_])(0[1-9]|1[0-2])(?:\2(0[1-9]|[12]\d|3[01]))?(?!\d)/;

/** The first date in a name: YYYYMMDD, YYYY-MM-DD, YYYY_MM; sorts as text. */
export function dateIn(name: string): string | undefined {
  const [, year, month, day] = days.exec(name) ?? [];
  if (year !== undefined) return `${year}-${month ?? ''}-${day ?? ''}`;
  const [, y, , m, d] = written.exec(name) ?? [];
  if (y === undefined) return undefined;
  return d === undefined ? `${y}-${m ?? ''}` : `${y}-${m ?? ''}-${d}`;
}

/** A name with its dates taken out. */
export const withoutDates = (name: string): string =>
  name.replaceAll(new RegExp(days, 'gi'), '').replaceAll(new RegExp(written, 'g'), '');
