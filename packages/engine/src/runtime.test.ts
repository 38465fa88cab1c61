import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { installRuntime } from './runtime/install.ts';
import { ownLibraries } from './runtime/libraries.ts';
import { wheels } from './runtime/release.ts';
import { downloadWheels, explainPip, extractWheel } from './runtime/wheel.ts';

const temporary = () => mkdtempSync(join(tmpdir(), 'runtime-'));
/** A program that prints and exits as told, in the place of Python. */
function fakeProgram(script: string): string {
  const path = join(temporary(), 'python3');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}
const install = (over: Partial<Parameters<typeof installRuntime>[0]>) => installRuntime({ device: 'cpu', say: () => undefined, environment: { XDG_CACHE_HOME: temporary() }, ...over });

test.each([
  ['no pip', 'echo "/usr/bin/python3: No module named pip" >&2; exit 1', /^pip: expected .* to have it, got none; install it/],
  ['no network', 'echo "WARNING: Retrying: NewConnectionError: Temporary failure in name resolution" >&2; echo "ERROR: No matching distribution found" >&2; exit 1', /^network: expected pip to reach its package index/],
  ['a wrong hash', 'echo "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE." >&2; exit 1', /^download: expected the pinned sha256, got another file/],
  ['a full disk', 'echo "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device" >&2; exit 1', /^disk: expected about 1.5 GB free/],
  ['a wheel that is not to be had', 'echo "ERROR: No matching distribution found for tensorflow-cpu" >&2; exit 1', /^download: expected pip's package index to have the wheel/],
  ['something else', 'echo "ERROR: the moon is full" >&2; exit 2', /^pip: expected to download, got: ERROR: the moon is full$/],
])('%s is one line with the remedy', async (_, script, message) => {
  await expect(install({ python: fakeProgram(script) })).rejects.toThrow(message);
});

test('no Python, another platform, an unwritable cache and a folder that is no libtensorflow are one line each', async () => {
  await expect(install({ python: '/no/such/python3' })).rejects.toThrow(/^python: expected \/no\/such\/python3 on the PATH, got none; install Python 3 with pip/);
  await expect(install({ platform: 'darwin-arm64' })).rejects.toThrow('platform: expected linux-x64, got darwin-arm64; use a Linux machine or container, or WSL 2');
  const file = join(temporary(), 'file');
  writeFileSync(file, '');
  await expect(install({ environment: { XDG_CACHE_HOME: file } })).rejects.toThrow(/^cache folder: expected to be allowed to make/);
  const folder = temporary();
  expect(() => ownLibraries(folder)).toThrow(`NOISY_PAIRS_LIBTENSORFLOW: expected lib/libtensorflow.so in ${folder}, got none`);
});

test('no compiler is one line with the remedy', () => {
  // The real library, but a PATH with nothing on it; in another process, for the PATH is the process's.
  const cache = temporary();
  const real = join(process.env['XDG_CACHE_HOME'] ?? join(process.env['HOME'] ?? '', '.cache'), 'noisy-pairs');
  mkdirSync(join(cache, 'noisy-pairs'));
  symlinkSync(join(real, 'tensorflow-2.21.0-cpu'), join(cache, 'noisy-pairs', 'tensorflow-2.21.0-cpu'));
  const { stderr, status } = spawnSync(process.execPath, [fileURLToPath(new URL('../dist/runtime.js', import.meta.url))], { env: { XDG_CACHE_HOME: cache, PATH: '/nowhere', HOME: cache }, encoding: 'utf8' });
  expect(stderr).toBe('engine:runtime: compiler: expected make on the PATH, got none; install it (Debian: apt-get install build-essential)\n');
  expect(status).toBe(1);
});

test('pip is asked for the pinned wheel by its hash, whatever Python runs it', async () => {
  const folder = temporary(), log = join(temporary(), 'args');
  const python = fakeProgram(`echo "$@" > ${log}; touch ${folder}/tensorflow.whl`);
  const found = await downloadWheels([`${wheels.cpu.requirement} --hash=sha256:${wheels.cpu.sha256}`], true, folder, python);
  expect(found).toEqual([join(folder, 'tensorflow.whl')]);
  expect(readFileSync(log, 'utf8')).toMatch(/-m pip download --no-deps .*--only-binary=:all: --python-version 3.11 --platform manylinux_2_27_x86_64 --require-hashes -r/);
  expect(readFileSync(join(folder, 'requirements.txt'), 'utf8')).toBe(`tensorflow-cpu==2.21.0 --hash=sha256:${wheels.cpu.sha256}\n`);
});

test('only what is wanted comes out of a wheel, byte for byte; a wheel that is cut off is refused by name', async () => {
  const folder = temporary(), wheel = join(folder, 'x.whl');
  execFileSync('python3', ['-c', 'import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as z:\n  z.writestr("a/lib.so", bytes(range(256)) * 1000)\n  z.writestr("a/other.py", "no")', wheel]);
  expect(await extractWheel(wheel, (name) => (name.endsWith('.so') ? join(folder, 'out', name) : undefined))).toBe(1);
  expect(readFileSync(join(folder, 'out', 'a', 'lib.so'))).toEqual(Buffer.from(Array.from({ length: 256_000 }, (_, i) => i % 256)));
  expect(existsSync(join(folder, 'out', 'a', 'other.py'))).toBe(false);
  writeFileSync(wheel, readFileSync(wheel).subarray(0, 200));
  await expect(extractWheel(wheel, () => join(folder, 'never'))).rejects.toThrow(/x\.whl: expected a whole wheel/);
});

test('pip\'s message on a read-only cache names the remedy', () => {
  expect(explainPip('ERROR: Could not install packages due to an OSError: [Errno 30] Read-only file system: \'/x\'', false, 'python3')).toMatch(/^cache folder: expected to be allowed to write/);
});

test('the installed runtime is found, and finding it again does nothing', () => {
  const program = fileURLToPath(new URL('../dist/runtime.js', import.meta.url));
  const output = execFileSync(process.execPath, [program], { encoding: 'utf8' });
  expect(output).toMatch(/^TensorFlow 2\.\d+\.\d+, oneDNN (on|off), devices CPU, \//);
  expect(output).not.toMatch(/fetching|compiling/);
});

test('loading the engine prints nothing', () => {
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', `import('${new URL('../dist/index.js', import.meta.url).href}').then(({ tf }) => tf.ones([2]).add(1).dataSync())`], { encoding: 'utf8' });
  expect(stdout + stderr).toBe('');
});
