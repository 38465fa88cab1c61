import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readWktPolygons } from './wkt.ts';

interface Case {
  readonly wkt: string;
  /** As shapely reads it; null where it does not, or where there is more than polygons. */
  readonly polygons: readonly (readonly (readonly number[])[])[] | null;
}
const cases = readFileSync(new URL('../fixtures/wkt.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Case);

const read = (wkt: string) =>
  readWktPolygons(wkt).map((rings) => rings.map((ring) => Array.from(ring)));

describe('WKT', () => {
  // Written by tools/fixtures/xbd_wkt.py; tools/campaigns/wkt.mjs compares thousands.
  it('is read and refused as shapely does, 300 texts of all kinds', () => {
    expect(cases.length).toBe(300);
    expect(cases.filter(({ polygons }) => polygons).length).toBeGreaterThan(100);
    for (const { wkt, polygons } of cases) {
      if (polygons) expect(read(wkt), wkt).toEqual(polygons);
      else expect(() => read(wkt), wkt).toThrow('expected');
    }
  });

  const square = [[[0, 0, 4, 0, 4, 4, 0, 0]]];
  it.each([
    'POLYGON ((0 0, 4 0, 4 4, 0 0))',
    'POLYGON Z ((0 0 9, 4 0 9, 4 4 9, 0 0 9))',
    'POLYGON M ((0 0 9, 4 0 9, 4 4 9, 0 0 9))',
    'POLYGON ZM ((0 0 9 1, 4 0 9 1, 4 4 9 1, 0 0 9 1))',
    'POLYGONZ((0 0 nan,4 0 nan,4 4 nan,0 0 nan))',
    'POLYGON ((0 0 9, 4 0 9, 4 4 9, 0 0 9))',
    'polygon ((0. 0., 4. .0e1, +4 400E-2, 0. 0.))',
    'MULTIPOLYGON (EMPTY, ((0 0, 4 0, 4 4, 0 0)))',
    'MULTIPOLYGON Z (((0 0 9, 4 0 9, 4 4 9, 0 0 9)), EMPTY)',
    'POLYGON ((0 0, 4 0, 4 4, 0 0), EMPTY)',
    'GEOMETRYCOLLECTION (POINT EMPTY, POLYGON ((0 0, 4 0, 4 4, 0 0)), MULTIPOLYGON EMPTY)',
  ])('of one square: %s', (wkt) => {
    expect(read(wkt)).toEqual(square);
  });

  it.each([
    'POLYGON EMPTY',
    'polygon z empty',
    'POLYGON (EMPTY)',
    'MULTIPOLYGON (EMPTY, EMPTY)',
    'GEOMETRYCOLLECTION EMPTY',
    'GEOMETRYCOLLECTION (LINESTRING EMPTY)',
  ])('without an outline: %s', (wkt) => {
    expect(read(wkt)).toEqual([]);
  });

  it('keeps a ring that is not closed', () => {
    expect(read('POLYGON ((0 0, 4 0, 4 4))')).toEqual([[[0, 0, 4, 0, 4, 4]]]);
  });

  it.each([
    ['POLYGONN ((0 0, 4 0, 4 4, 0 0))', 'expected POLYGON or MULTIPOLYGON, got POLYGONN'],
    ['SRID=4326;POLYGON ((0 0, 4 0, 4 4, 0 0))', 'expected POLYGON or MULTIPOLYGON, got SRID='],
    ['LINESTRING (0 0, 4 0)', 'expected POLYGON or MULTIPOLYGON, got LINESTRING'],
    ['POLYGON ((0 0, 4 0, 4 4 0 4, 0 0))', 'expected points of 2 numbers, got 4 4 0 4'],
    ['POLYGON Z ((0 0, 4 0, 4 4, 0 0))', 'expected points of 3 numbers, got 0 0'],
    ['POLYGON ((0 0, 4 0, 4 4, 0 0)', 'expected , or ), got the end'],
    ['POLYGON ((0 0, 4 0, 4 4, 0 0)) x', 'expected the end, got x'],
    ['POLYGON ((0 0, 4 0, 4 four, 0 0))', 'expected a number, got four'],
    ['POLYGON ((0 0, 0x4 0, 4 4, 0 0))', 'expected a number, got 0x4'],
    ['POLYGON ((0 0, nan 0, 4 4, 0 0))', 'expected coordinates within 2^31, got nan'],
    ['POLYGON ((0 0, 4 0, 4 -2147483649, 0 0))', 'coordinates within 2^31, got -2147483649'],
    ['POLYGON (EMPTY, (0 0, 4 0, 4 4, 0 0))', 'expected an outline with its holes, got EMPTY'],
    ['MULTIPOLYGON (((0 0, 4 0, 4 4, 0 0))((0 0, 1 0, 1 1, 0 0)))', 'expected , or ), got ('],
    ['GEOMETRYCOLLECTION ('.repeat(999), 'expected at most 16 collections in one another'],
    ['', 'expected POLYGON or MULTIPOLYGON, got the end'],
  ])('that is wrong says where: %s', (wkt, message) => {
    expect(() => read(wkt)).toThrow(message);
  });
});
