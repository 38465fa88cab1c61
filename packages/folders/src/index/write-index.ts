import { open, rename, rm } from 'node:fs/promises';
import { temporaryName } from '@noisy-pairs/imaging';
import type { FolderIndex } from './folder-index.ts';

/**
 * Writes an index as lines of JSON: a header, pairs, what is left out, and a last line that says
 * how many there are. The file is whole or absent.
 * @throws `FILE: not written (...)`
 */
export async function writeFolderIndex(file: string, index: FolderIndex): Promise<void> {
  const temporary = temporaryName(file);
  try {
    const handle = await open(temporary, 'w');
    try {
      let text = '';
      for (const line of linesOf(index)) {
        text += `${JSON.stringify(line)}\n`;
        if (text.length < 2 ** 16) continue;
        await handle.appendFile(text);
        text = '';
      }
      await handle.appendFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    const reason = (error as Error).message.split(', ')[0] ?? '';
    throw new Error(`${file}: not written (${reason})`, { cause: error });
  }
}

function* linesOf({ pairs, leftOut, ...header }: FolderIndex): Generator<object> {
  yield header;
  for (const pair of pairs) yield { pair };
  for (const one of leftOut) yield { leftOut: one };
  yield { end: { pairs: pairs.length, leftOut: leftOut.length } };
}
