import { globals } from 'geotiff';
import type { Directory } from './directory.ts';
import { tags } from './tags.ts';

/** GeoTIFF's keys by name. */
export const geoKeys = {
  modelType: 1024,
  rasterType: 1025,
  citation: 1026,
  geographic: 2048,
  geographicCitation: 2049,
  projected: 3072,
} as const;

const names: Readonly<Record<number, string>> = globals.geoKeyNames;

/** The standard's name of a key, as geotiff.js lists them. */
export const keyName = (key: number): string => names[key] ?? `key ${key}`;

/** GeoTIFF's keys with their values, numbers or texts. */
export type GeoKeys = ReadonlyMap<number, string | readonly number[]>;

/** Numbers of a key's entry: its number, where its values are, how many, and at which. */
const entryNumbers = 4;

/** Empty without keys; those whose values are missing are left out. */
export function geoKeysOf(directory: Directory): GeoKeys {
  const entries = Array.from(directory.numbers(tags.geoKeys) ?? []);
  const doubles = Array.from(directory.numbers(tags.geoDoubles) ?? []);
  const text = Buffer.from(Array.from(directory.numbers(tags.geoText) ?? [])).toString('utf8');
  const keys = new Map<number, string | readonly number[]>();
  const count = entries[3] ?? 0;
  for (let entry = 1; entry <= count; entry++) {
    const [key, place, length, at] = entries.slice(entry * entryNumbers) as [
      number?,
      number?,
      number?,
      number?,
    ];
    if (key === undefined || length === undefined || at === undefined) break;
    if (place === 0) keys.set(key, [at]);
    else if (place === tags.geoDoubles) keys.set(key, doubles.slice(at, at + length));
    else if (place === tags.geoText)
      keys.set(key, text.slice(at, at + length).replace(/[|\0]+$/, ''));
    else if (place === tags.geoKeys) keys.set(key, entries.slice(at, at + length));
  }
  return keys;
}
