import { createRaster } from '@noisy-pairs/imaging';
import { describe, expect, it } from 'vitest';
import { parseTileName } from '../index/names.ts';
import { countDamage, damageMask } from './damage-mask.ts';
import { parseLabel } from './parse-label.ts';

const label = (buildings: { subtype?: string; wkt: string }[]) =>
  JSON.stringify({
    features: {
      xy: buildings.map(({ subtype, wkt }, i) => ({
        properties: { feature_type: 'building', uid: `u${i}`, ...(subtype ? { subtype } : {}) },
        wkt,
      })),
    },
    metadata: { disaster: 'made-up', width: 32, gsd: 2.5 },
  });
const square = (x: number, y: number, edge: number) =>
  `POLYGON ((${x} ${y}, ${x + edge} ${y}, ${x + edge} ${y + edge}, ${x} ${y + edge}, ${x} ${y}))`;

describe('labels', () => {
  it(
    'give buildings with damage and outlines, in every spelling that occurs, and what is known ' +
      'of the image',
    () => {
      const { buildings, lngLat, metadata } = parseLabel(
        label([
          {
            subtype: 'major-damage',
            wkt: 'POLYGON ((0 0, 8 0, 8 8, 0 8, 0 0), (2 2, 4 2, 4 4, 2 4, 2 2))',
          },
          { wkt: 'POLYGON((-2.5e-07 9.5, 1.25 9, 1 10, -2.5e-07 9.5))' },
          {
            subtype: 'un-classified',
            wkt: 'MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))',
          },
          { subtype: 'destroyed', wkt: 'POLYGON EMPTY' },
        ]),
      );
      expect(
        buildings.map(({ damage, polygons }) => [damage, polygons.map((rings) => rings.length)]),
      ).toEqual([
        ['major-damage', [2]],
        [undefined, [1]],
        ['un-classified', [1, 1]],
        ['destroyed', []],
      ]);
      expect([...(buildings[1]?.polygons[0]?.[0] ?? [])]).toEqual([
        -2.5e-7, 9.5, 1.25, 9, 1, 10, -2.5e-7, 9.5,
      ]);
      expect(lngLat).toEqual([]);
      expect(metadata).toMatchObject({
        disaster: 'made-up',
        width: 32,
        gsd: 2.5,
        sensor: '',
        height: NaN,
      });
    },
  );

  it.each([
    ['{', 'x.json: expected JSON, got something else or a part'],
    ['null', 'x.json: expected features.xy, got none'],
    ['{}', 'x.json: expected features.xy, got none'],
    [
      label([{ subtype: 'gone', wkt: square(0, 0, 1) }]),
      'x.json, building 0: expected a damage of no-damage, minor-damage, major-damage, ' +
        'destroyed, un-classified, got gone',
    ],
    [
      label([{ wkt: 'POINT (1 2)' }]),
      'x.json, building 0: expected a WKT POLYGON, got POINT (1 2)',
    ],
    [
      label([{ wkt: square(0, 0, 1) }, { wkt: 'POLYGON ((nonsense' }]),
      'x.json, building 1: expected a WKT POLYGON, got POLYGON ((nonsense',
    ],
    [
      label([{ wkt: 'POLYGON ((1 2, 3 4))' }]),
      'x.json, building 0: expected rings of three points or more',
    ],
  ])('that are wrong name the file and the building: %s', (text, message) => {
    expect(() => parseLabel(text, 'x.json')).toThrow(message);
  });
});

describe('masks', () => {
  const paint = (
    buildings: { subtype?: string; wkt: string }[],
    ...more: Parameters<typeof damageMask> extends [unknown, unknown, unknown, ...infer R]
      ? R
      : never
  ) => damageMask(parseLabel(label(buildings)).buildings, 8, 6, ...more);
  const rows = ({ data }: { data: Uint8Array }) =>
    Array.from({ length: 6 }, (_, y) => [...data.subarray(8 * y, 8 * y + 8)].join(' '));

  it('round vertices (halves to even) and paint the boundary, as the official targets do', () => {
    // 0.5 becomes 0 and 2.5 becomes 2; 1.5 becomes 2.
    expect(
      rows(
        paint([{ subtype: 'minor-damage', wkt: 'POLYGON ((0.5 1.5, 2.5 1.5, 2.5 3.4, 0.5 3.4))' }]),
      ),
    ).toEqual([
      '0 0 0 0 0 0 0 0',
      '0 0 0 0 0 0 0 0',
      '2 2 2 0 0 0 0 0',
      '2 2 2 0 0 0 0 0',
      '0 0 0 0 0 0 0 0',
      '0 0 0 0 0 0 0 0',
    ]);
  });

  it('draw later buildings over earlier ones, clip at the frame, and fill holes', () => {
    expect(
      rows(
        paint([
          { subtype: 'no-damage', wkt: 'POLYGON ((0 0, 4 0, 4 4, 0 4), (1 1, 3 1, 3 3, 1 3))' },
          { subtype: 'destroyed', wkt: 'POLYGON ((3 3, 20 3, 20 20, 3 20))' },
          { wkt: 'POLYGON ((6 -5, 7 -5, 7 0, 6 0))' },
        ]),
      ),
    ).toEqual([
      '1 1 1 1 1 0 1 1',
      '1 1 1 1 1 0 0 0',
      '1 1 1 1 1 0 0 0',
      '1 1 1 4 4 4 4 4',
      '1 1 1 4 4 4 4 4',
      '0 0 0 4 4 4 4 4',
    ]);
  });

  it('hold un-classified buildings as they are asked to', () => {
    const one = [{ subtype: 'un-classified', wkt: square(0, 0, 1) }];
    expect(
      [paint(one), paint(one, 'background'), paint(one, 'no-damage')].map(({ data }) => data[0]),
    ).toEqual([255, 0, 1]);
  });

  it('are counted by window', () => {
    const mask = createRaster(4, 2, 1, Uint8Array.of(0, 1, 2, 255, 4, 1, 0, 0));
    expect(countDamage(mask, { x: 0, y: 0, width: 4, height: 2 })).toEqual({
      pixels: 8,
      building: 5,
      damaged: 2,
      unknown: 1,
    });
    expect(countDamage(mask, { x: 2, y: 1, width: 2, height: 1 })).toEqual({
      pixels: 2,
      building: 0,
      damaged: 0,
      unknown: 0,
    });
  });
});

it('names: of releases and of the challenge, and others', () => {
  expect(parseTileName('hurricane-harvey_00000012_post_disaster.tif')).toEqual({
    stem: 'hurricane-harvey_00000012',
    disaster: 'hurricane-harvey',
    id: '00000012',
    phase: 'post',
    role: 'image',
    extension: 'tif',
  });
  expect(parseTileName('hurricane-harvey_00000012_pre_disaster_target.png')).toMatchObject({
    phase: 'pre',
    role: 'target',
  });
  expect(parseTileName('test_post_00007.png')).toEqual({
    stem: 'test_00007',
    disaster: '',
    id: '00007',
    phase: 'post',
    role: 'image',
    extension: 'png',
  });
  expect(parseTileName('hold_damage_00007_target.png')).toMatchObject({
    stem: 'hold_00007',
    phase: 'post',
    role: 'target',
  });
  for (const [name, stem, extension] of [
    ['Made-Up_00000012_POST_Disaster.TIF', 'made-up_00000012', 'tif'],
    ['made_up_00000012_post_disaster.tiff', 'made_up_00000012', 'tif'],
    ['made-up_00000012_post_disaster.PNG', 'made-up_00000012', 'png'],
    ['made-up_00000012_post_disaster.JPEG', 'made-up_00000012', 'jpg'],
    ['Hold_Post_00007.Json', 'hold_00007', 'json'],
  ])
    expect(parseTileName(name as string), name).toMatchObject({ stem, extension, phase: 'post' });
  for (const name of [
    'notes.txt',
    'test_damage_00007.png',
    'a_00000012_post_disaster_target.tif',
    'a_12_post_disaster.png',
  ])
    expect(parseTileName(name), name).toBeUndefined();
});
