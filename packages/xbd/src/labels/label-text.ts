import { readRegularFile } from '@noisy-pairs/imaging';
import type { Label } from './label.ts';
import { parseLabel } from './parse-label.ts';

/** A label from its file. @throws as readLabelText and parseLabel */
export async function readLabel(file: string): Promise<Label> {
  return parseLabel(await readLabelText(file), file);
}

/**
 * The text of a label: UTF-8 or UTF-16, with a byte order mark or without.
 * @throws `FILE: ...` if it is no file, or its text is UTF-32, Latin-1 or another
 */
export async function readLabelText(file: string): Promise<string> {
  const bytes = await readRegularFile(file);
  const encoding = encodingOf(bytes);
  if (encoding === 'utf-32') throw new Error(`${file}: expected UTF-8 text, got UTF-32`);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes); // leaves the mark out
  } catch (error) {
    const expected = encoding === 'utf-8' ? 'UTF-8' : 'UTF-16';
    throw new Error(`${file}: expected ${expected} text, got bytes of another encoding`, {
      cause: error,
    });
  }
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'utf-32';

/** By the mark, or by where the zeros of the first two characters are, which are ASCII in JSON. */
function encodingOf(bytes: Uint8Array): Encoding {
  const [a = 1, b = 1, c = 1, d = 1] = bytes;
  const littleMark = a === 0xff && b === 0xfe;
  if (a === 0 && b === 0) return 'utf-32';
  if (b === 0 && c === 0 && d === 0) return 'utf-32';
  if (littleMark) return c === 0 && d === 0 ? 'utf-32' : 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a === 0) return 'utf-16be';
  return b === 0 ? 'utf-16le' : 'utf-8';
}
