import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRaster, writePng } from '@noisy-pairs/imaging';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vts-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs the built program as Nx does: elsewhere, with the caller's folder in INIT_CWD. */
function run(
  program: 'generate' | 'bench',
  ...args: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const path = fileURLToPath(new URL(`../../dist/commands/${program}.js`, import.meta.url));
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [path, ...args],
      { cwd: tmpdir(), env: { ...process.env, INIT_CWD: folder } },
      (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
      },
    );
  });
}

describe('vts:generate', () => {
  it('writes into a folder of the caller, says how far it is, and finds it done', async () => {
    const args =
      '--out made --count 3 --size 16 --cells 6 --noise 0.3 --seed 9 --instances 1'.split(' ');
    const first = await run('generate', ...args);
    expect(first).toMatchObject({
      code: 0,
      stdout: `3 images made: ${join(folder, 'made')} (look at preview.png)\n`,
    });
    expect(first.stderr).toMatch(/3\/3 images \| .* left/);
    expect(await readdir(join(folder, 'made', 'clean'))).toEqual([
      '000000.png',
      '000001.png',
      '000002.png',
    ]);
    expect(JSON.parse(await readFile(join(folder, 'made', 'dataset.json'), 'utf8'))).toMatchObject({
      size: 16,
      cells: 6,
      imageNoise: 0.3,
      seed: 9,
      length: 3,
      textures: { classes: 2, instances: 1 },
    });
    expect((await run('generate', ...args, '--workers', '2')).stdout).toBe(
      `0 images made, 3 were there already: ${join(folder, 'made')} (look at preview.png)\n`,
    );
    expect((await run('generate', ...args, '--split', 'test')).stderr).toContain(
      'split: "all" there, "test" asked for',
    );
  });

  it.each([
    [['--noise', '1.5'], 'expected a number in 0..1, got 1.5'],
    [['--noise', '-0.1'], 'expected a number in 0..1, got -0.1'],
    [['--noise', 'much'], 'expected a number in 0..1, got much'],
    [['--count', '1e3'], 'expected a whole number in 1..1000000, got 1e3'],
    [['--count', '0'], 'expected a whole number in 1..1000000, got 0'],
    [['--size', '16.5'], 'expected a whole number in 8..4096, got 16.5'],
    [['--seed', ''], 'got ""'],
    [['--families', '5'], 'expected a whole number in 2..4, got 5'],
    [['--nosie', '1'], "unknown option '--nosie'"],
    [['more'], 'too many arguments'],
    [['--classes', 'a,b'], 'expected --textures with them'],
    [['--textures', 'missing'], '--textures: expected a folder with textures of at least 256 px'],
    [['--textures', '.'], 'expected two classes and a noise in '],
    [['--textures', '.', '--classes', 'a', '--noise-class', 'n'], 'expected two classes and a '],
    [['--textures', '.', '--classes', 'a,b', '--noise-class', 'n'], 'texture class a: expected '],
    [
      ['--textures', '.', '--classes', 'broken,b', '--noise-class', 'n'],
      'broken.png: not a readable image',
    ],
  ])('refuses %j in one line, exit code 1, nothing written', async (args, message) => {
    await writeFile(join(folder, 'broken.png'), 'PNG?');
    const { code, stdout, stderr } = await run('generate', '--out', 'refused', ...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toContain(message);
    expect(await readdir(folder)).not.toContain('refused');
  });

  it('takes all classes of a texture folder but the noise, and says so', async () => {
    await mkdir(join(folder, 'textures'));
    for (const name of ['brick', 'grass', 'gravel', 'roof'])
      await writePng(join(folder, 'textures', `${name}.png`), createRaster(16, 16, 3));
    const args = ['--out', 'photos', '--textures', 'textures', '--count', '1', '--size', '16'];
    const { code, stdout } = await run('generate', ...args);
    expect({ code, line: stdout.split('\n')[0] }).toEqual({
      code: 0,
      line: 'textures: brick, grass, roof; noise gravel',
    });
  });

  it('asks for the folder, and explains itself', async () => {
    expect(await run('generate')).toMatchObject({
      code: 1,
      stderr: "error: required option '--out <folder>' not specified\n",
    });
    const { code, stdout } = await run('generate', '--help');
    expect(code).toBe(0);
    expect(stdout).toContain('Examples:');
  });
});

describe('vts:bench', () => {
  it('prints a line of JSON', async () => {
    const { code, stdout } = await run('bench', '--json', '--count', '5', '--size', '16');
    expect(code).toBe(0);
    const line = JSON.parse(stdout) as Record<string, unknown>;
    expect(line).toMatchObject({ count: 5, size: 16, cells: 20, imageNoise: 0.5 });
    expect(line['pairsPerSecond']).toBeGreaterThan(0);
    expect((await run('bench', '--count', 'many')).code).toBe(1);
  });
});
