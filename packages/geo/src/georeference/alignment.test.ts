import { expect, it } from 'vitest';
import { commonWindow } from './alignment.ts';
import type { Grid } from './grid.ts';

it('two GeoTIFFs are aligned by what their grids say, or the reason is told', () => {
  const grid: Grid = {
    width: 100,
    height: 80,
    crs: 'EPSG:32615',
    origin: [500_000, 4_000_000],
    resolution: [0.5, -0.5],
  };
  expect(commonWindow(grid, { ...grid, origin: [500_010, 4_000_005], width: 200 })).toEqual({
    first: { x: 20, y: 0, width: 80, height: 70 },
    second: { x: 0, y: 10, width: 80, height: 70 },
  });
  expect(commonWindow(grid, { ...grid, origin: [499_990, 3_999_990] })).toEqual({
    first: { x: 0, y: 20, width: 80, height: 60 },
    second: { x: 20, y: 0, width: 80, height: 60 },
  });
  expect(() => commonWindow(grid, { ...grid, crs: 'EPSG:4326' })).toThrow(
    'alignment: expected one coordinate reference system, got EPSG:32615 and EPSG:4326',
  );
  expect(() => commonWindow(grid, { ...grid, resolution: [0.6, -0.6] })).toThrow(
    'alignment: expected pixels of one size, got 0.5 x -0.5 and 0.6 x -0.6',
  );
  expect(() => commonWindow(grid, { ...grid, origin: [500_000.2, 4_000_000] })).toThrow(
    'alignment: expected grids that are apart by whole pixels, got 0.40 and 0.00',
  );
  expect(() => commonWindow(grid, { ...grid, origin: [600_000, 4_000_000] })).toThrow(
    'alignment: expected images that overlap, got 100 x 80 and 100 x 80 pixels that lie 200000 ' +
      'and 0 apart',
  );
});
