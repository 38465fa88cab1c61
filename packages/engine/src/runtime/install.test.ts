import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { tfjsFolder } from './addons.ts';
import { installRuntime, type InstallOptions } from './install.ts';
import { explainNodeGyp } from './node-gyp.ts';
import { tensorflowWheels, type Wheel } from './release.ts';

// Everything that the installer starts is a script on a PATH of our own; only node-gyp is real, and
// Python where it asks for it.
const realPython = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], {
  encoding: 'utf8',
}).trim();
const key = 'tensorflow-2.21.0-cpu';
let root: string, bin: string, cache: string, tfjs: string, calls: string;

/** Puts a shell script on the PATH. */
function tool(name: string, lines: readonly string[]): void {
  writeFileSync(join(bin, name), ['#!/bin/sh', ...lines, ''].join('\n'));
  chmodSync(join(bin, name), 0o755);
}
const install = (over: Partial<InstallOptions> = {}) =>
  installRuntime({ say: () => undefined, environment: { XDG_CACHE_HOME: root }, tfjs, ...over });
const called = () =>
  readFileSync(calls, 'utf8')
    .split('\n')
    .filter((line) => line !== '');

/** pip that gives the file at `source`; make that gives the addons. */
function workingTools(source: string): void {
  const wheel = 'tensorflow-1-py3-none-any.whl';
  tool('python3', [
    'case "$*" in',
    '  *"pip download"*)',
    `    echo "pip $*" >> ${calls}`,
    '    for last; do :; done',
    `    cp ${source} "$last/${wheel}" ;;`,
    `  *) exec ${realPython} "$@" ;;`,
    'esac',
  ]);
  tool('make', [
    '[ "$1" = --version ] && exit 0',
    `echo make >> ${calls}`,
    'mkdir -p lib/napi-v8 build/Release',
    'echo binding > lib/napi-v8/tfjs_binding.node',
    'echo quiet > build/Release/quiet.node',
    'echo session > build/Release/session.node',
  ]);
  for (const name of ['cc', 'g++']) tool(name, ['echo 12']);
}

/** A wheel with what the installer looks for in it, and more. */
function smallWheel(): { path: string; wheel: Wheel } {
  const path = join(root, 'source.whl');
  const names = [
    'tensorflow/libtensorflow_cc.so.2',
    'tensorflow/libtensorflow_framework.so.2',
    'tensorflow/include/tensorflow/c/c_api.h',
    'tensorflow/python/big.py',
    'nvidia/cudnn/lib/libcudnn.so.9',
  ];
  execFileSync(realPython, [
    '-c',
    'import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], "w") as z:\n  for name in ' +
      'sys.argv[2:]: z.writestr(name, name)',
    path,
    ...names,
  ]);
  return {
    path,
    wheel: {
      requirement: 'tensorflow-cpu==2.21.0',
      sha256: createHash('sha256').update(readFileSync(path)).digest('hex'),
    },
  };
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'runtime-'));
  [bin, cache, tfjs, calls] = ['bin', 'noisy-pairs', 'tfjs', 'calls'].map((name) =>
    join(root, name),
  ) as [string, string, string, string];
  mkdirSync(bin);
  writeFileSync(calls, '');
  for (const part of ['package.json', 'binding.gyp', 'binding', 'scripts'])
    cpSync(join(tfjsFolder(), part), join(tfjs, part), { recursive: true });
  // Headers for node-gyp, which only wants to see them.
  mkdirSync(join(root, 'node', 'include', 'node'), { recursive: true });
  for (const [name, text] of [
    ['node_api.h', ''],
    ['common.gypi', '{}'],
    ['config.gypi', '{}'],
  ] as const)
    writeFileSync(join(root, 'node', 'include', 'node', name), text);
  vi.stubEnv('npm_config_nodedir', join(root, 'node'));
  vi.stubEnv('PATH', `${bin}:/bin`);
  for (const name of ['CC', 'CXX', 'MAKE']) vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

describe('from nothing', () => {
  test(
    'the library is unpacked, the addons are built, both are linked; the second time nothing is ' +
      'done',
    async () => {
      const { path, wheel } = smallWheel();
      workingTools(path);
      expect(await install({ wheels: [wheel] })).toEqual({ folder: join(cache, key), key });
      for (const name of [
        'lib/libtensorflow_cc.so.2',
        'lib/libtensorflow.so',
        'lib/libtensorflow_framework.so',
        'include/tensorflow/c/c_api.h',
        'nvidia/cudnn/lib/libcudnn.so.9',
      ])
        expect(existsSync(join(cache, key, name)), name).toBe(true);
      // no wheel, no lock, nothing partial
      expect(readdirSync(cache).filter((name) => !name.startsWith('addons-'))).toEqual([key]);
      expect(readlinkSync(join(tfjs, 'deps', 'lib'))).toBe(join(cache, key, 'lib'));
      expect(readFileSync(join(tfjs, 'lib', 'napi-v8', 'tfjs_binding.node'), 'utf8')).toBe(
        'binding\n',
      );
      expect(readFileSync(join(tfjs, 'lib', 'napi-v8', 'quiet.node'), 'utf8')).toBe('quiet\n');
      expect(called().map((line) => line.split(' ')[0])).toEqual(['pip', 'make', 'make']);

      await install({ wheels: [wheel] });
      expect(called()).toHaveLength(3);
      // As after `npm ci`.
      rmSync(join(tfjs, 'lib'), { recursive: true });
      rmSync(join(tfjs, 'deps'), { recursive: true });
      await install({ wheels: [wheel] });
      expect(existsSync(join(tfjs, 'lib', 'napi-v8', 'tfjs_binding.node'))).toBe(true);
      expect(called()).toHaveLength(3);
    },
  );

  test('two at once: one works, the other waits and finds all done', async () => {
    const { path, wheel } = smallWheel();
    workingTools(path);
    const said: string[] = [];
    await Promise.all(
      [1, 2].map(() =>
        install({
          wheels: [wheel],
          say: (line) => {
            said.push(line);
          },
        }),
      ),
    );
    expect(called().map((line) => line.split(' ')[0])).toEqual(['pip', 'make', 'make']);
    expect(said).toContain('waiting for another installation to end');
  });

  test('pip is asked for the pinned wheel by its hash, whatever Python runs it', async () => {
    workingTools('/dev/null');
    await expect(install()).rejects.toThrow(
      /^pip: expected a wheel of tensorflow-cpu==2.21.0 with the pinned sha256 in .*, got none/,
    );
    const platform = '--python-version 3.11 --platform manylinux_2_27_x86_64';
    expect(called()[0]).toMatch(
      new RegExp(
        `-m pip download --no-deps .*--only-binary=:all: ${platform} .*--require-hashes -r`,
      ),
    );
    expect(readFileSync(join(cache, 'download-cpu', '0', 'requirements.txt'), 'utf8')).toBe(
      `tensorflow-cpu==2.21.0 --hash=sha256:${tensorflowWheels.cpu.sha256}\n`,
    );
  });
});

describe('what was interrupted is taken up again', () => {
  test('a wheel that is whole is not fetched again; one that is cut off is', async () => {
    const { path, wheel } = smallWheel();
    workingTools(path);
    const download = join(cache, 'download-cpu', '0');
    mkdirSync(download, { recursive: true });
    writeFileSync(
      join(download, 'tensorflow-1-py3-none-any.whl'),
      readFileSync(path).subarray(0, 300),
    );
    await install({ wheels: [wheel] });
    expect(called().filter((line) => line.startsWith('pip'))).toHaveLength(1);

    rmSync(join(cache, key), { recursive: true });
    mkdirSync(download, { recursive: true });
    cpSync(path, join(download, 'tensorflow-1-py3-none-any.whl'));
    await install({ wheels: [wheel] });
    expect(called().filter((line) => line.startsWith('pip'))).toHaveLength(1);
    expect(existsSync(join(cache, key, 'complete'))).toBe(true);
  });

  test("half a library, half a build and a dead process's lock are cleared away", async () => {
    const { path, wheel } = smallWheel();
    workingTools(path);
    mkdirSync(join(cache, key, 'lib'), { recursive: true }); // no stamp
    writeFileSync(join(cache, key, 'lib', 'libtensorflow_cc.so.2'), 'half');
    mkdirSync(join(cache, `${key}.partial-1`, 'lib'), { recursive: true });
    mkdirSync(`${cache}.lock`);
    execFileSync('touch', ['-d', '1 minute ago', `${cache}.lock`]);
    await install({ wheels: [wheel] });
    expect(readFileSync(join(cache, key, 'lib', 'libtensorflow_cc.so.2'), 'utf8')).toBe(
      'tensorflow/libtensorflow_cc.so.2',
    );

    // A build that fails half-way leaves nothing, and the next one starts afresh.
    rmSync(join(cache, readdirSync(cache).find((name) => name.startsWith('addons-')) ?? 'none'), {
      recursive: true,
    });
    tool('make', [
      '[ "$1" = --version ] && exit 0',
      'echo "x.cc:3:1: error: no such thing" >&2',
      'exit 2',
    ]);
    await expect(install({ wheels: [wheel] })).rejects.toThrow(
      'binding: expected it to compile, got: x.cc:3:1: error: no such thing',
    );
    expect(readdirSync(cache)).toEqual([key]);
    workingTools(path);
    await install({ wheels: [wheel] });
    expect(readdirSync(cache)).toHaveLength(2);
  });
});

describe('an error is one line with the remedy', () => {
  test.each([
    [
      'no pip',
      'echo "/usr/bin/python3: No module named pip" >&2; exit 1',
      /^pip: expected python3 to have it, got none; install it/,
    ],
    [
      'no network',
      'echo "WARNING: Retrying: NewConnectionError: Temporary failure in name resolution" >&2; ' +
        'echo "ERROR: No matching distribution found" >&2; exit 1',
      /^network: expected pip to reach its package index/,
    ],
    [
      'a wrong hash',
      'echo "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE." >&2; ' +
        'exit 1',
      /^download: expected the pinned sha256, got another file/,
    ],
    [
      'a full disk',
      'echo "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on ' +
        'device" >&2; exit 1',
      /^disk: expected room in the cache folder, got a full disk; make room/,
    ],
    [
      'a wheel that is not to be had',
      'echo "ERROR: No matching distribution found for tensorflow-cpu" >&2; exit 1',
      /^download: expected pip's package index to have the wheel/,
    ],
    [
      'something else',
      'echo "ERROR: the moon is full" >&2; exit 2',
      /^pip: expected to download, got: ERROR: the moon is full$/,
    ],
  ])('%s', async (_, script, message) => {
    tool('python3', [script]);
    await expect(install()).rejects.toThrow(message);
  });

  test('no Python', async () => {
    vi.stubEnv('PATH', bin);
    await expect(install()).rejects.toThrow(
      /^python: expected python3 on the PATH, got none; install Python 3 with pip/,
    );
  });

  test.each(['make', 'cc', 'g++'])('no %s', async (missing) => {
    const { path, wheel } = smallWheel();
    workingTools(path);
    for (const name of ['cp', 'mkdir']) symlinkSync(`/bin/${name}`, join(bin, name));
    vi.stubEnv('PATH', bin);
    rmSync(join(bin, missing));
    await expect(install({ wheels: [wheel] })).rejects.toThrow(
      `compiler: expected ${missing} on the PATH, got none; install it (Debian: apt-get install ` +
        'build-essential)',
    );
    expect(existsSync(join(tfjs, 'deps'))).toBe(false);
  });

  test('another platform; a cache below a file; a disk that is full while unpacking', async () => {
    await expect(install({ platform: 'darwin-arm64' })).rejects.toThrow(
      'platform: expected linux-x64, got darwin-arm64; use a Linux machine or container, or WSL 2',
    );
    await expect(install({ environment: { XDG_CACHE_HOME: calls } })).rejects.toThrow(
      /^cache folder: expected to be allowed to make .*; set XDG_CACHE_HOME to another folder/,
    );
    const { path, wheel } = smallWheel();
    workingTools(path);
    const full = Object.assign(new Error('no space left on device, write'), { code: 'ENOSPC' });
    await expect(
      install({
        wheels: [wheel],
        say: (line) => {
          if (line.startsWith('unpacking')) throw full;
        },
      }),
    ).rejects.toThrow(/^disk: expected room in .*, got a full disk; make room/);
  });

  test.each([
    ['ENOSPC: no space left on device, mkdir', /^disk: expected room for the build/],
    [
      'gyp ERR! find Python Could not find any Python installation to use',
      /^python: expected python3 on the PATH, which node-gyp needs/,
    ],
    [
      'gyp ERR! stack FetchError: request to headers failed, reason: getaddrinfo EAI_AGAIN',
      /^network: expected node-gyp to fetch the headers of Node v\d+/,
    ],
  ])('node-gyp: %s', (output, message) => {
    expect(explainNodeGyp(output)).toMatch(message);
  });
});

test(
  "a libtensorflow of the user's own is taken in place, without pip; a folder that is none is " +
    'refused',
  async () => {
    workingTools('/dev/null');
    const own = join(root, 'own');
    const environment = { XDG_CACHE_HOME: root, NOISY_PAIRS_LIBTENSORFLOW: own };
    await expect(install({ environment })).rejects.toThrow(
      `NOISY_PAIRS_LIBTENSORFLOW: expected lib/libtensorflow.so in ${own}, got none`,
    );
    mkdirSync(join(own, 'lib'), { recursive: true });
    mkdirSync(join(own, 'include', 'tensorflow', 'c'), { recursive: true });
    for (const name of [
      'lib/libtensorflow.so',
      'lib/libtensorflow_framework.so',
      'include/tensorflow/c/c_api.h',
    ])
      appendFileSync(join(own, name), '');
    expect((await install({ environment })).folder).toBe(own);
    expect(readlinkSync(join(tfjs, 'deps', 'lib'))).toBe(join(own, 'lib'));
    expect(called()).toEqual(['make', 'make']);
  },
);

test.each(['a b', "it's $HOME"])(
  'what is compiled is in a folder that make can name, wherever cache and library are: %s',
  async (name) => {
    workingTools('/dev/null');
    const own = join(root, name, 'own');
    for (const part of ['lib', 'include/tensorflow/c'])
      mkdirSync(join(own, part), { recursive: true });
    for (const file of ['lib/libtensorflow.so', 'lib/libtensorflow_framework.so'])
      writeFileSync(join(own, file), '');
    writeFileSync(join(own, 'include/tensorflow/c/c_api.h'), '');
    cpSync(join(root, 'node'), join(root, name, 'node'), { recursive: true });
    vi.stubEnv('npm_config_nodedir', join(root, name, 'node'));
    const make = readFileSync(join(bin, 'make'), 'utf8');
    const seen = join(root, 'seen');
    // gyp's Makefiles, as make would read them
    writeFileSync(
      join(bin, 'make'),
      make.replace('mkdir', `(pwd; cat build/Makefile build/*.mk; echo "$*") >> ${seen}\nmkdir`),
    );
    const environment = {
      XDG_CACHE_HOME: join(root, name),
      NOISY_PAIRS_LIBTENSORFLOW: own,
    };
    expect((await install({ environment })).folder).toBe(own);
    expect(called()).toEqual(['make', 'make']);
    expect(readFileSync(seen, 'utf8')).toContain('TOOLSET');
    expect(readFileSync(seen, 'utf8')).not.toContain(join(root, name).split(' ', 1)[0]);
    expect(readFileSync(join(tfjs, 'lib', 'napi-v8', 'session.node'), 'utf8')).toBe('session\n');
    const addons = readdirSync(join(root, name, 'noisy-pairs'));
    expect(addons).toHaveLength(1);
    expect(readdirSync(join(root, name, 'noisy-pairs', addons[0] ?? '')).sort()).toEqual([
      'quiet.node',
      'session.node',
      'tfjs_binding.node',
    ]);
  },
);

test("a device asked for is remembered, its libraries kept beside the other's", async () => {
  const { path, wheel } = smallWheel();
  workingTools(path);
  await install({ wheels: [wheel] });
  expect((await install({ wheels: [wheel], device: 'gpu' })).key).toBe('tensorflow-2.21.0-gpu');
  expect((await install({ wheels: [wheel] })).key).toBe('tensorflow-2.21.0-gpu');
  expect(readlinkSync(join(tfjs, 'deps', 'lib'))).toBe(join(cache, 'tensorflow-2.21.0-gpu', 'lib'));
  expect((await install({ wheels: [wheel], device: 'cpu' })).key).toBe(key);
  expect((await install({ wheels: [wheel] })).key).toBe(key);
  expect(lstatSync(join(cache, 'tensorflow-2.21.0-gpu')).isDirectory()).toBe(true);
});
