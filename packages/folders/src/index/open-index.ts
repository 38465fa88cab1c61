import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import {
  headerRow,
  leftOutRow,
  pairRow,
  type FolderIndex,
  type FolderPair,
  type LeftOut,
} from './folder-index.ts';

const row = z.strictObject({
  pair: pairRow.optional(),
  leftOut: leftOutRow.optional(),
  end: z.strictObject({ pairs: z.int(), leftOut: z.int() }).optional(),
});

/**
 * Reads what writeFolderIndex wrote, line by line.
 * @param root where the pairs' paths begin, if not where they did when it was written
 * @throws `FILE: ...` if it is none, of another version, or cut off
 */
export async function openFolderIndex(file: string, root?: string): Promise<FolderIndex> {
  const pairs: FolderPair[] = [];
  const leftOut: LeftOut[] = [];
  let header: z.infer<typeof headerRow> | undefined;
  let end: z.infer<typeof row>['end'];
  let number = 0;
  for await (const line of createInterface(createReadStream(file, 'utf8'))) {
    const name = `${file}, line ${++number}`;
    if (end) throw new Error(`${name}: expected the index to end before, got more`);
    if (!header) {
      header = parsed(headerRow, line, name);
      continue;
    }
    const found = parsed(row, line, name);
    if (found.pair) pairs.push(found.pair);
    if (found.leftOut) leftOut.push(found.leftOut);
    end = found.end;
  }
  if (!header || end?.pairs !== pairs.length || end.leftOut !== leftOut.length)
    throw new Error(`${file}: expected a whole index of folders, got one that is cut off`);
  return { ...header, root: root ?? header.root, pairs, leftOut };
}

function parsed<T>(schema: z.ZodType<T>, line: string, name: string): T {
  const expected = `${name}: expected an index of folders, version 1`;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new Error(`${expected}, got no JSON`, { cause: error });
  }
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new Error(`${expected}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`);
}
