import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { writeFileAtomic } from '@noisy-pairs/imaging';
import { z } from 'zod';
import { findTiles, type TileFiles } from './find-tiles.ts';
import { readImageHeader } from '../tiles/image-header.ts';
import { damages, parseLabel, type Building, type Label } from '../labels/label.ts';
import { countNodata } from '../tiles/nodata.ts';
import { readTile } from '../tiles/tile.ts';

const count = z.int().min(0);
const path = z.string().min(1);

const pairRow = z.strictObject({
  /** train (tier1 too), tier3, test, hold; `all` for a root with images in it. */
  split: z.string(),
  stem: z.string(),
  disaster: z.string(),
  id: z.string(),
  /** wind, flooding, fire, volcano, tsunami, earthquake; empty if the label does not say. */
  type: z.string(),
  /** Paths below the root. */
  pre: path,
  post: path,
  preLabel: path.nullable(),
  postLabel: path,
  preTarget: path.nullable(),
  postTarget: path.nullable(),
  width: count,
  height: count,
  /** Buildings by damage, of the label after. */
  buildings: z.strictObject(
    Object.fromEntries(damages.map((damage) => [damage, count])) as Record<
      (typeof damages)[number],
      typeof count
    >,
  ),
  /**
   * Longitude and latitude of the first building, for telling neighbours; null without buildings.
   */
  place: z.tuple([z.number(), z.number()]).nullable(),
  /**
   * Share of the pixels that are nodata in either image, 0..1; null if pixels were not looked at.
   */
  nodataShare: z.number().min(0).max(1).nullable(),
});
/** A place before and after, both images and the label of the later one there and readable. */
export type XbdPair = z.infer<typeof pairRow>;

const problemRow = z.strictObject({
  split: z.string(),
  stem: z.string(),
  /** The file, below the root. */
  file: z.string(),
  /** One line. */
  what: z.string(),
  /** The place is no pair for it; otherwise it is one all the same. */
  fatal: z.boolean(),
});
export type XbdProblem = z.infer<typeof problemRow>;

const indexFile = z.strictObject({
  format: z.literal('noisy-pairs/xbd-index'),
  version: z.literal(1),
  root: path,
  pairs: z.array(pairRow),
  /** What is wrong with pairs, and why places are none. */
  problems: z.array(problemRow),
  /** Files whose names are not xBD's. */
  unknownFiles: z.array(z.string()),
});
export type XbdIndex = z.infer<typeof indexFile>;

export interface IndexOptions {
  /**
   * Looks at pixels too, for the share of nodata: minutes instead of seconds for the whole set.
   * Default false.
   */
  readonly pixels?: boolean;
  /** Places worked on at once. Default 8. */
  readonly concurrency?: number;
  readonly onProgress?: (done: number, of: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Reads names, image headers and labels of all releases below a root. What cannot be paired, read
 * or believed becomes a problem with its file and reason; nothing is dropped in silence. Memory:
 * the rows, and a few labels at a time.
 * @throws as findTiles
 */
export async function indexXbd(
  root: string,
  { pixels = false, concurrency = 8, onProgress, signal }: IndexOptions = {},
): Promise<XbdIndex> {
  const { tiles, unknownFiles } = await findTiles(root);
  const results: { pair?: XbdPair; problems: XbdProblem[] }[] = [];
  let next = 0;
  let done = 0;
  const work = async () => {
    while (next < tiles.length) {
      signal?.throwIfAborted();
      const i = next++;
      results[i] = await indexPlace(root, tiles[i] as TileFiles, pixels);
      onProgress?.(++done, tiles.length);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  const pairs = results.flatMap(({ pair }) => pair ?? []);
  return {
    format: 'noisy-pairs/xbd-index',
    version: 1,
    root: resolve(root),
    pairs,
    problems: [...results.flatMap(({ problems }) => problems), ...duplicates(pairs)],
    unknownFiles: [...unknownFiles],
  };
}

/** One place in two formats below one root would be trained on twice. */
function duplicates(pairs: readonly XbdPair[]): XbdProblem[] {
  const first = new Map<string, XbdPair>();
  return pairs.flatMap((pair) => {
    const key = `${pair.split}/${pair.stem}`;
    const other = first.get(key);
    if (!other) first.set(key, pair);
    return other
      ? [
          {
            split: pair.split,
            stem: pair.stem,
            file: pair.pre,
            what: `expected a place once, got it also in ${other.pre}; index the folder of one format`,
            fatal: false,
          },
        ]
      : [];
  });
}

/** @throws an error of the file system */
export async function writeIndex(file: string, index: XbdIndex): Promise<void> {
  await writeFileAtomic(file, `${JSON.stringify(index)}\n`);
}

/** @throws `FILE: ...` if it is no index of this version */
export async function readIndex(file: string): Promise<XbdIndex> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Error(
      `${file}: expected an index of xBD, got ` +
        `${error instanceof SyntaxError ? 'no JSON' : 'none'} (${(error as Error).message})`,
      { cause: error },
    );
  }
  const parsed = indexFile.safeParse(json, { reportInput: true });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Error(
    `${file}: expected an index of xBD, version 1: ${issue?.path.join('.') ?? ''}: ` +
      `${issue?.message ?? 'invalid'}`,
  );
}

/**
 * More than this beyond the frame is worth a word: xBD itself has polygons that stick out by a
 * third of a pixel.
 */
const tolerance = 1;

async function indexPlace(
  root: string,
  files: TileFiles,
  pixels: boolean,
): Promise<{ pair?: XbdPair; problems: XbdProblem[] }> {
  const problems: XbdProblem[] = [];
  const { split, stem, disaster, id, pre, post, preLabel, postLabel } = files;
  const report = (file: string, what: string, fatal: boolean) => {
    problems.push({
      split,
      stem,
      file,
      what: what.replace(`${join(root, file)}: `, '').replace(`${join(root, file)}, `, ''),
      fatal,
    });
  };
  const attempt = async <T>(
    file: string,
    f: (full: string) => Promise<T>,
  ): Promise<T | undefined> => {
    try {
      return await f(join(root, file));
    } catch (error) {
      report(file, (error as Error).message, true);
      return undefined;
    }
  };
  for (const [what, file] of [
    ['image before', pre],
    ['image after', post],
    ['label after', postLabel],
  ] as const)
    if (file === undefined) report('', `no ${what}`, true);
  if (preLabel === undefined) report('', 'no label before', false);

  const header = pre === undefined ? undefined : await attempt(pre, readImageHeader);
  const headerAfter = post === undefined ? undefined : await attempt(post, readImageHeader);
  const label = postLabel === undefined ? undefined : await attempt(postLabel, readLabel);
  const labelBefore = preLabel === undefined ? undefined : await attempt(preLabel, readLabel);
  if (
    header &&
    headerAfter &&
    post !== undefined &&
    (header.width !== headerAfter.width || header.height !== headerAfter.height)
  ) {
    report(
      post,
      `expected ${header.width} x ${header.height} pixels as before, got ${headerAfter.width} ` +
        `x ${headerAfter.height}`,
      true,
    );
  }
  for (const [file, one] of [
    [pre, header],
    [post, headerAfter],
  ] as const)
    if (one && file !== undefined && one.bands < 3)
      report(file, `expected three bands or more, got ${one.bands}`, true);
  for (const [file, one] of [
    [preLabel, labelBefore],
    [postLabel, label],
  ] as const) {
    if (!one || file === undefined || !header) continue;
    const { width, height } = one.metadata;
    if (width !== header.width || height !== header.height)
      report(
        file,
        `expected a label of ${header.width} x ${header.height} pixels, got ${width} x ${height}`,
        true,
      );
    const far = one.buildings.filter(
      (building) => beyond(building, header.width, header.height) > tolerance,
    );
    if (far.length > 0)
      report(
        file,
        `expected buildings inside the image, got ${far.length} that stick out, the farthest ` +
          `by ${Math.ceil(Math.max(...far.map((b) => beyond(b, header.width, header.height))))} ` +
          'pixels',
        false,
      );
    const empty = one.buildings.filter(({ polygons }) => polygons.length === 0).length;
    if (empty > 0) report(file, `expected buildings with an outline, got ${empty} without`, false);
  }
  const without = label?.buildings.filter(({ damage }) => damage === undefined).length ?? 0;
  if (without > 0 && postLabel !== undefined)
    report(postLabel, `expected a damage for each building after, got ${without} without`, true);

  if (
    problems.some(({ fatal }) => fatal) ||
    !header ||
    !label ||
    pre === undefined ||
    post === undefined ||
    postLabel === undefined
  )
    return { problems };
  const nodataShare = pixels
    ? await attempt(pre, () => shareOfNodata(join(root, pre), join(root, post)))
    : null;
  if (nodataShare === undefined) return { problems };
  const buildings = Object.fromEntries(
    damages.map((damage) => [
      damage,
      label.buildings.filter((building) => building.damage === damage).length,
    ]),
  ) as XbdPair['buildings'];
  const outline = label.lngLat.find(({ polygons }) => polygons.length > 0)?.polygons[0]?.[0];
  return {
    pair: {
      split,
      stem,
      disaster: disaster || label.metadata.disaster,
      id,
      type: label.metadata.disasterType,
      pre,
      post,
      preLabel: preLabel ?? null,
      postLabel,
      preTarget: files.preTarget ?? null,
      postTarget: files.postTarget ?? null,
      width: header.width,
      height: header.height,
      buildings,
      place: outline ? [outline[0] as number, outline[1] as number] : null,
      nodataShare,
    },
    problems,
  };
}

async function readLabel(file: string): Promise<Label> {
  return parseLabel(await readFile(file, 'utf8'), file);
}

/** By how many pixels a building sticks out of the frame. */
function beyond({ polygons }: Building, width: number, height: number): number {
  let most = 0;
  for (const ring of polygons.flat()) {
    for (let i = 0; i < ring.length; i += 2) {
      const [x, y] = [ring[i] as number, ring[i + 1] as number];
      most = Math.max(most, -x, -y, x - width, y - height);
    }
  }
  return most;
}

async function shareOfNodata(pre: string, post: string): Promise<number> {
  const [before, after] = await Promise.all([pre, post].map((file) => readTile(file)));
  if (!before || !after) throw new Error('expected two images');
  return countNodata(before, after) / (before.width * before.height);
}
