import { isAbsolute } from 'node:path';
import { readRegularFile, writeFileAtomic } from '@noisy-pairs/imaging';
import { z } from 'zod';
import { damages, type Damage } from '../labels/label.ts';

const count = z.int().min(0);
const folder = z.string().min(1);
/** Path of a file below the root: an index from elsewhere must not name others. */
const path = folder.refine(
  (text) => !isAbsolute(text) && !text.includes('\0') && !text.split(/[\\/]/).includes('..'),
  { error: ({ input }) => `expected a path below the root, got ${String(input).slice(0, 100)}` },
);
const countByDamage = Object.fromEntries(damages.map((damage) => [damage, count])) as Record<
  Damage,
  typeof count
>;

const pairRow = z.strictObject({
  /** train (tier1 too), tier3, test, hold; `all` for a root with images in it. */
  split: z.string(),
  stem: z.string(),
  disaster: z.string(),
  id: z.string().regex(/^\d+$/, 'expected digits'),
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
  /** Numbers of buildings by damage, by the label after. */
  buildings: z.strictObject(countByDamage),
  /** Longitude and latitude of the first building, to tell neighbours; null without buildings. */
  place: z.tuple([z.number(), z.number()]).nullable(),
  /** Share of pixels that are nodata in either image, 0..1; null if pixels were not looked at. */
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
  root: folder,
  pairs: z.array(pairRow),
  /** The faults of pairs, and why places are none. */
  problems: z.array(problemRow),
  /** Files whose names are not xBD's. */
  unknownFiles: z.array(z.string()),
});
export type XbdIndex = z.infer<typeof indexFile>;

/** @throws an error of the file system */
export async function writeIndex(file: string, index: XbdIndex): Promise<void> {
  await writeFileAtomic(file, `${JSON.stringify(index)}\n`);
}

/** @throws `FILE: ...` if it is no index of this version */
export async function readIndex(file: string): Promise<XbdIndex> {
  const parsed = indexFile.safeParse(await readJson(file), { reportInput: true });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Error(
    `${file}: expected an index of xBD, version 1: ${issue?.path.join('.') ?? ''}: ` +
      (issue?.message ?? 'invalid'),
  );
}

async function readJson(file: string): Promise<unknown> {
  try {
    const text = (await readRegularFile(file)).toString();
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const got = error instanceof SyntaxError ? 'no JSON' : 'none';
    throw new Error(`${file}: expected an index of xBD, got ${got} (${(error as Error).message})`, {
      cause: error,
    });
  }
}
