import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { extractWheel } from './extract-wheel.ts';
import { explainPip } from './pip.ts';

test(
  'only what is wanted comes out of a wheel, byte for byte; a wheel that is cut off is refused ' +
    'by name',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wheel-'));
    const wheel = join(folder, 'x.whl');
    execFileSync('python3', [
      '-c',
      'import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as z:\n ' +
        ' z.writestr("a/lib.so", bytes(range(256)) * 1000)\n  z.writestr("a/other.py", "no")',
      wheel,
    ]);
    expect(
      await extractWheel(wheel, (name) =>
        name.endsWith('.so') ? join(folder, 'out', name) : undefined,
      ),
    ).toBe(1);
    expect(readFileSync(join(folder, 'out', 'a', 'lib.so'))).toEqual(
      Buffer.from(Array.from({ length: 256_000 }, (_, i) => i % 256)),
    );
    expect(existsSync(join(folder, 'out', 'a', 'other.py'))).toBe(false);
    writeFileSync(wheel, readFileSync(wheel).subarray(0, 200));
    await expect(extractWheel(wheel, () => join(folder, 'never'))).rejects.toThrow(
      /x\.whl: expected a whole wheel/,
    );
  },
);

test("pip's message on a read-only cache names the remedy", () => {
  expect(
    explainPip(
      "ERROR: Could not install packages due to an OSError: [Errno 30] Read-only file system: '/x'",
      false,
    ),
  ).toMatch(/^cache folder: expected to be allowed to write, got: .*; set XDG_CACHE_HOME/);
});
