import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const built = (name: string) => fileURLToPath(new URL(`../../dist/${name}`, import.meta.url));

test('the installed runtime is found, and finding it again does nothing', () => {
  const output = execFileSync(process.execPath, [built('commands/runtime.js')], {
    encoding: 'utf8',
  });
  expect(output).toMatch(/^TensorFlow 2\.\d+\.\d+, oneDNN (on|off), devices (GPU, )?CPU, \/.*\n$/);
});

test('an error of the command is one line on standard error, and exit code 1', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [built('commands/runtime.js')], {
    encoding: 'utf8',
    env: { ...process.env, XDG_CACHE_HOME: built('index.js') },
  }); // a file, where a folder must be
  expect(stderr).toMatch(
    /^engine:runtime: cache folder: expected to be allowed to make .*\/noisy-pairs, got: .*; /,
  );
  expect(stderr).toMatch(/; set XDG_CACHE_HOME to another folder\n$/);
  expect(stderr.split('\n')).toHaveLength(2);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
});

const run = (script: string) =>
  spawnSync(
    process.execPath,
    ['--input-type=module', '-e', `import { tf } from '${built('index.js')}';\n${script}`],
    { encoding: 'utf8' },
  );

test('loading the engine and computing print nothing', () => {
  expect(run('tf.ones([2]).add(1).dataSync()')).toMatchObject({
    status: 0,
    stdout: '',
    stderr: '',
  });
});

test('an error of the library is not silenced', () => {
  const { status, stderr } = run(
    'tf.engine().backend.executeSingleOutput("MatMul", [], [tf.ones([1, 2]), tf.ones([3, 1])])',
  );
  expect(status).toBe(1);
  expect(stderr).toMatch(/Matrix size-incompatible: In\[0\]: \[1,2\], In\[1\]: \[3,1\]/);
});
