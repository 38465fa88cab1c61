import { join } from 'node:path';
import type { XbdProblem } from './index-file.ts';

/** The problems of one place, as they are found. */
export interface PlaceReport {
  readonly problems: readonly XbdProblem[];
  /** @param file below the root, empty for one that is not there */
  note(file: string, what: string): void;
  /** As note, of what makes the place no pair. */
  refuse(file: string, what: string): void;
  /** The result of `read` with the file's full path; undefined, and refused, where it throws. */
  attempt<T>(
    file: string | undefined,
    read: (fullPath: string) => Promise<T>,
  ): Promise<T | undefined>;
}

export function openReport(
  root: string,
  { split, stem }: { readonly split: string; readonly stem: string },
): PlaceReport {
  const problems: XbdProblem[] = [];
  const add = (file: string, text: string, fatal: boolean) => {
    // the row names the file already
    const full = join(root, file);
    const what = onOneLine(text.replace(`${full}: `, '').replace(`${full}, `, ''));
    problems.push({ split, stem, file, what, fatal });
  };
  const refuse = (file: string, what: string) => {
    add(file, what, true);
  };
  return {
    problems,
    note(file, what) {
      add(file, what, false);
    },
    refuse,
    async attempt(file, read) {
      if (file === undefined) return undefined;
      try {
        return await read(join(root, file));
      } catch (error) {
        refuse(file, (error as Error).message);
        return undefined;
      }
    },
  };
}

/** Messages of JSON.parse quote the text with its line ends. */
const onOneLine = (text: string) => text.trim().replace(/\s+/g, ' ');
