import type { Polygon } from './label.ts';

/** Larger coordinates are none of an image or of the earth. */
const most = 2 ** 31;
const deepest = 16;
const shown = 24;

const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** Heights and measures, which are read over. */
const beyondXy = /^[+-]?(\d+\.?\d*|\.\d+|inf|infinity|nan)(e[+-]?\d+)?$/i;
const dimensions = /^(ZM|Z|M)$/i;
/** Types that GEOS knows; others than polygons may be EMPTY parts of a collection. */
const types = /^((?:MULTI)?(?:POLYGON|POINT|LINESTRING)|GEOMETRYCOLLECTION|LINEARRING)(ZM|Z|M)?$/i;

/** The words, numbers, brackets and commas of a text, and the next one. */
interface Cursor {
  readonly tokens: readonly string[];
  at: number;
}

/** Coordinates of a point beyond x and y. */
type Dimension = '' | 'Z' | 'M' | 'ZM';

/** A geometry in the reading. */
interface Geometry {
  readonly cursor: Cursor;
  /** undefined until the type or the first point tells. */
  dimension: Dimension | undefined;
}

interface Read {
  readonly polygons: Polygon[];
  readonly dimension: Dimension;
}

/**
 * The polygons of a WKT POLYGON, MULTIPOLYGON or GEOMETRYCOLLECTION of these, as GEOS reads them:
 * any case, Z, M, ZM, apart from the type or not, EMPTY parts, heights without a tag. x and y are
 * kept. More than GEOS: a ring whose last point is not the first is one all the same. Less: no
 * hexadecimal numbers, nothing infinite. How many points a ring has is not looked at.
 * @returns none for EMPTY ones
 * @throws `expected X, got Y` at the first thing that is not so
 */
export function readWktPolygons(text: string): Polygon[] {
  const cursor: Cursor = { tokens: text.match(/[(),]|[^ \t\r\n(),]+/g) ?? [], at: 0 };
  const { polygons } = readGeometry(cursor, 0);
  if (cursor.at < cursor.tokens.length) throw unexpected('the end', cursor);
  return polygons;
}

function readGeometry(cursor: Cursor, depth: number): Read {
  if (depth > deepest) throw new Error(`expected at most ${deepest} collections in one another`);
  const [, word = '', glued] = types.exec(next(cursor)) ?? [];
  if (word === '') throw unexpected('POLYGON or MULTIPOLYGON', cursor);
  cursor.at++;
  const tag = glued ?? (dimensions.test(next(cursor)) ? takeToken(cursor) : undefined);
  const geometry: Geometry = { cursor, dimension: tag?.toUpperCase() as Dimension | undefined };
  const polygons = readBody(word, geometry, depth);
  return { polygons, dimension: geometry.dimension ?? '' };
}

function readBody(word: string, geometry: Geometry, depth: number): Polygon[] {
  const { cursor } = geometry;
  const type = word.toUpperCase();
  if (type === 'POLYGON') return readPolygon(geometry);
  if (type === 'MULTIPOLYGON') return readList(cursor, () => readPolygon(geometry)).flat();
  if (type === 'GEOMETRYCOLLECTION')
    return readList(cursor, () => readPart(geometry, depth + 1)).flat();
  // an empty part of a collection takes nothing away
  if (depth > 0 && takeEmpty(cursor)) return [];
  throw new Error(`expected POLYGON or MULTIPOLYGON, got ${word}`);
}

/** A part of a collection, of its dimension if it has one. */
function readPart({ cursor, dimension }: Geometry, depth: number): Polygon[] {
  const part = readGeometry(cursor, depth);
  if (dimension !== undefined && part.dimension !== dimension)
    throw new Error(`expected parts of dimension ${dimension}, got ${part.dimension || 'none'}`);
  return part.polygons;
}

/** One polygon; none where it is EMPTY. */
function readPolygon(geometry: Geometry): Polygon[] {
  const [outline, ...holes] = readList(geometry.cursor, () => readRing(geometry));
  const filled = holes.filter((ring) => ring.length > 0);
  if (outline && outline.length > 0) return [[outline, ...filled]];
  if (filled.length > 0) throw new Error('expected an outline with its holes, got EMPTY');
  return [];
}

/** x0, y0, x1, y1, ...; of length 0 where it is EMPTY. */
function readRing(geometry: Geometry): Float64Array {
  return Float64Array.from(readList(geometry.cursor, () => readPoint(geometry)).flat());
}

function readPoint(geometry: Geometry): [x: number, y: number] {
  const { cursor } = geometry;
  const start = cursor.at;
  while (beyondXy.test(next(cursor))) cursor.at++;
  const got = cursor.tokens.slice(start, cursor.at);
  const ended = next(cursor) === ',' || next(cursor) === ')';
  if (!ended || got.length < 2) throw unexpected('a number', cursor);
  geometry.dimension ??= (['', 'Z', 'ZM'] as const)[Math.min(got.length, 4) - 2] ?? '';
  const numbers = 2 + geometry.dimension.length;
  if (got.length !== numbers)
    throw new Error(`expected points of ${numbers} numbers, got ${cut(got.join(' '))}`);
  return [coordinate(got[0] as string), coordinate(got[1] as string)];
}

function coordinate(token: string): number {
  const value = number.test(token) ? Number(token) : NaN;
  if (!(Math.abs(value) <= most))
    throw new Error(`expected coordinates within 2^31, got ${cut(token)}`);
  return value;
}

/** Parts between brackets, apart by commas; none for EMPTY. */
function readList<T>(cursor: Cursor, readOne: () => T): T[] {
  if (takeEmpty(cursor)) return [];
  take(cursor, '(', '( or EMPTY');
  const list = [readOne()];
  while (next(cursor) === ',') {
    cursor.at++;
    list.push(readOne());
  }
  take(cursor, ')', ', or )');
  return list;
}

const next = ({ tokens, at }: Cursor): string => tokens[at] ?? '';

function takeToken(cursor: Cursor): string {
  const token = next(cursor);
  cursor.at++;
  return token;
}

function takeEmpty(cursor: Cursor): boolean {
  const isEmpty = /^EMPTY$/i.test(next(cursor));
  if (isEmpty) cursor.at++;
  return isEmpty;
}

function take(cursor: Cursor, token: string, expected: string): void {
  if (takeToken(cursor) === token) return;
  cursor.at--;
  throw unexpected(expected, cursor);
}

const unexpected = (expected: string, cursor: Cursor) =>
  new Error(`expected ${expected}, got ${cut(next(cursor)) || 'the end'}`);

const cut = (text: string) => (text.length > shown ? `${text.slice(0, shown)}...` : text);
