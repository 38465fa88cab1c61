import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parseConfig } from '../config/parse-config.ts';
import { sweepConfig, type SweepConfig } from '../config/sweep-config.ts';
import { kindOf, type DataConfig } from '../data/data-config.ts';
import type { Contents } from '../data/kind.ts';
import { readJsonFile } from '../run/config-file.ts';

type Panels = SweepConfig['panels'];

/** What is read of sweep.json. Sweeps of before have no `contents`. */
export const sweepFile = z.object({
  recipe: z.string(),
  panels: sweepConfig.shape.panels,
  contents: z.array(z.record(z.string(), z.string())).optional(),
});

/** Each of the data that differ, in the order in which `contents` tells of them. */
const dataOf = (panels: Panels): DataConfig[] => [
  ...new Map(panels.map(({ base: { data } }) => [JSON.stringify(data), data])).values(),
];

/** Hashes of each of the data that differ, in order. */
export const contentsOf = (panels: Panels): Promise<Contents[]> =>
  Promise.all(dataOf(panels).map((data) => kindOf(data).contents(data)));

/** The data, wherever they lie. */
export const dataKey = (data: DataConfig): string => JSON.stringify(kindOf(data).placeless(data));

/** Contents as text, by the key of the data that have them. */
export const contentsByData = (panels: Panels, contents: readonly Contents[]) =>
  new Map(dataOf(panels).map((data, i) => [dataKey(data), JSON.stringify(contents[i])]));

/**
 * Hashes of a sweep's data, as its sweep.json has them.
 * @returns contents as text, by the key of the data
 * @throws one line if it is no folder of a sweep, or one of before, without hashes
 */
export function storedContents(sweep: string): ReadonlyMap<string, string> {
  const path = join(sweep, 'sweep.json');
  if (!existsSync(path))
    throw new Error(`${sweep}: expected the folder of a sweep with its sweep.json, got none`);
  const { panels, contents } = parseConfig(sweepFile, readJsonFile(path), path);
  if (contents) return contentsByData(panels, contents);
  throw new Error(`${path}: expected hashes of the data, got none: of an earlier version`);
}
