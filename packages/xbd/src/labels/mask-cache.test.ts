import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openMaskCache } from './mask-cache.ts';

it('pipes and devices are refused by name, and are not waited for', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'masks-'));
  const [pipe, file] = [join(folder, 'pipe'), join(folder, 'file')];
  execFileSync('mkfifo', [pipe]);
  writeFileSync(file, '');
  const masks = openMaskCache(join(folder, 'cache'));
  await expect(masks.damage(pipe, 8, 8)).rejects.toThrow(
    `${pipe}: expected a file, got a named pipe`,
  );
  await expect(masks.damage('/dev/zero', 8, 8)).rejects.toThrow(
    '/dev/zero: expected a file, got a device',
  );
  await expect(masks.nodata(file, pipe)).rejects.toThrow(
    `${pipe}: expected a file, got a named pipe`,
  );
});
