import { brief } from '@noisy-pairs/command-line';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';

/** A line of JSON. */
const jsonRow = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));

/** Columns of a list. */
const columns = [
  'first',
  'second',
  'change',
  'firstMask',
  'secondMask',
  'class',
  'split',
  'place',
] as const;
type Column = (typeof columns)[number];

/** A line of a list: values by column, empty ones left out. */
export type ListRow = Partial<Record<Column, string>> & {
  /** Its number in the file, from 1. */
  readonly line: number;
};

export interface ParsedList {
  readonly rows: readonly ListRow[];
  /** Columns that mean nothing here. */
  readonly unknown: readonly string[];
}

/**
 * A list of pairs: CSV, TSV or lines of JSON with names of columns, or lines of 2, 3 or 5 paths,
 * which are first, second, change and the masks of both.
 * @param name what errors call it
 * @throws `NAME, line N: ...`
 */
export function parseList(text: string, name: string): ParsedList {
  const plain = text.replace(/^\uFEFF/, '');
  const [head = ''] = plain.trimStart().split(/\r?\n/, 1);
  if (head.startsWith('{')) return jsonLines(plain, name);
  const delimiter = head.includes('\t') ? '\t' : head.includes(';') ? ';' : ',';
  const cells = head.split(delimiter).map((cell) => cell.trim().toLowerCase());
  if (cells.includes('first') && cells.includes('second')) return table(plain, delimiter, name);
  return { rows: pathLines(plain, name), unknown: [] };
}

function table(text: string, delimiter: string, name: string): ParsedList {
  let records: { record: Record<string, string>; info: { lines: number } }[];
  try {
    records = parse(text, {
      delimiter,
      columns: (names: string[]) => names.map((cell) => cell.trim()),
      info: true,
      skip_empty_lines: true,
      trim: true,
    });
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
  }
  return rowsOf(records.map(({ record, info }) => ({ values: record, line: info.lines })));
}

function jsonLines(text: string, name: string): ParsedList {
  const records = numbered(text).map(({ content, line }) => {
    const expected = `${name}, line ${line}: expected an object of texts`;
    try {
      return { values: jsonRow.parse(JSON.parse(content)), line };
    } catch (error) {
      throw new Error(`${expected}, got ${brief(content)}`, { cause: error });
    }
  });
  return rowsOf(records);
}

/** Values by known columns, whose names may be in any case. */
function rowsOf(
  records: readonly { values: Record<string, string | number | null>; line: number }[],
): ParsedList {
  const unknown = new Set<string>();
  const rows = records.map(({ values, line }) => {
    const row: Record<string, string | number> = { line };
    for (const [key, value] of Object.entries(values)) {
      const column = columns.find((one) => one.toLowerCase() === key.toLowerCase());
      if (!column) unknown.add(key);
      else if (value !== null && value !== '') row[column] = `${value}`;
    }
    return row as unknown as ListRow;
  });
  return { rows, unknown: [...unknown] };
}

const columnsOfPaths = ['first', 'second', 'change', 'firstMask', 'secondMask'] as const;

/** Lines of paths, between tabs, else commas, else spaces. */
function pathLines(text: string, name: string): ListRow[] {
  return numbered(text).map(({ content, line }) => {
    const between = content.includes('\t') ? '\t' : content.includes(',') ? ',' : /\s+/;
    const paths = content.split(between).map((path) => path.trim());
    if (![2, 3, 5].includes(paths.length))
      throw new Error(
        `${name}, line ${line}: expected 2, 3 or 5 paths, or a header with first and second ` +
          `(paths with spaces need tabs or commas between), got ${brief(content)}`,
      );
    const row: ListRow = { line };
    for (const [i, path] of paths.entries()) row[columnsOfPaths[i] as Column] = path;
    return row;
  });
}

const numbered = (text: string) =>
  text
    .split(/\r?\n/)
    .map((content, i) => ({ content: content.trim(), line: i + 1 }))
    .filter(({ content }) => content !== '');
