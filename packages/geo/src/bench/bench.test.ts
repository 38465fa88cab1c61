import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRaster, writePng } from '@noisy-pairs/imaging';
import { expect, it } from 'vitest';

const program = fileURLToPath(new URL('../../dist/commands/bench.js', import.meta.url));

it('what is no TIFF is refused by name', async () => {
  const picture = join(mkdtempSync(join(tmpdir(), 'bench-')), 'pair.png');
  await writePng(picture, createRaster(8, 8, 3));
  const { status, stderr } = spawnSync(process.execPath, [program, '--file', picture], {
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^geo:bench: .*pair\.png: expected a TIFF, got something else/);
});
