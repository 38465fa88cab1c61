// Pixels: sums as rasterio gives them, and refusals.
import { join } from 'node:path';
import { createBlockCache, readTile } from '@noisy-pairs/geo';
import { geotiffPairs } from '@noisy-pairs/xbd';
import { outcome } from './told.mjs';

const { openTiff } = await import('../../../packages/geo/dist/tiff/tiff.js');

const sums = {
  'strip_byte_counts/larger_than_file.tif': 378240,
  'strip_byte_counts/none_deflate.tif': 378240,
  'strip_byte_counts/none_one_strip.tif': 378240,
  'strip_byte_counts/padded_strips.tif': 378240,
  'strip_byte_counts/plain.tif': 378240,
  'strip_byte_counts/zero_one_strip.tif': 378240,
  'big_endian/big_128_strips.tif': 195840,
  'big_endian/big_1024_strips.tif': 1566720,
  'big_endian/little_1024_strips.tif': 1566720,
  'nodata/nodata255.tif': 345390,
  'nodata/sparse_u8_nodata-99.tif': 295200,
};
const sumOf = (values) => values.reduce((sum, value) => sum + value, 0);

export async function* pixelCases(folder) {
  for (const [name, sum] of Object.entries(sums)) {
    const got = readTile(join(folder, name)).then(({ data }) => sumOf(data));
    yield { name, expected: String(sum), got: await outcome(got) };
  }
  yield* nodataCases(join(folder, 'nodata'));
  yield* brokenCases(join(folder, 'broken'));
  const files = ['west', 'east'].map((side) =>
    join(folder, 'user_defined_crs', `meridian_${side}.tif`),
  );
  yield {
    name: 'user_defined_crs',
    expected: /^refused: (?=.*meridian_west)(?=.*meridian_east).*-?93.*-?90/,
    got: await outcome(geotiffPairs({ files: [files], size: 8, seed: 1 })),
  };
}

async function* nodataCases(folder) {
  const whole = await readTile(join(folder, 'nodata255.tif'));
  const at = (10 * whole.width + 10) * 3;
  const pixel = `${whole.data.slice(at, at + 3).join()}; rows 0..3 ${sumOf(rows(whole, 0, 4))}`;
  yield { name: 'nodata255.tif, pixel (10, 10)', expected: '255,100,50; rows 0..3 0', got: pixel };
  const path = join(folder, 'sparse_u8_nodata-99.tif');
  const { structure, read } = await openTiff(path, createBlockCache(0));
  const { width } = structure;
  const values = await read({ x: 0, y: 8, width, height: 8 });
  yield { name: 'sparse_u8_nodata-99.tif, rows 8..15', expected: '0', got: String(sumOf(values)) };
}

const rows = ({ data, width }, from, to) => data.subarray(from * width * 3, to * width * 3);

async function* brokenCases(folder) {
  const started = performance.now();
  const large = await outcome(readTile(join(folder, 'large_16000.png')));
  const expected = /^refused: .*large_16000\.png: expected a PNG of at most 256 MiB once decoded/;
  yield { name: 'broken/large_16000.png', expected, got: large };
  const cycle = await outcome(readTile(join(folder, 'lzw_cycle.tif')));
  const broken = /^refused: .*lzw_cycle\.tif, block 12: expected bytes of LZW, got broken ones/;
  yield { name: 'broken/lzw_cycle.tif', expected: broken, got: cycle };
  const seconds = (performance.now() - started) / 1000;
  yield { name: 'broken, both in 10 s', expected: 'true', got: String(seconds < 10) };
}
