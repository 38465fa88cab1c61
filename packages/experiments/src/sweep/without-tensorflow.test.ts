import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const sweep = [
  'plan',
  'prepare',
  'executors/executor',
  'executors/local-processes',
  'collect',
  'flags',
].map((file) => new URL(`../../dist/sweep/${file}.js`, import.meta.url).href);

/** Libraries of a process that has imported some modules. */
function librariesAfter(modules: readonly string[]): string {
  const program = `
    for (const module of ${JSON.stringify(modules)}) await import(module);
    console.log(process.report.getReport().sharedObjects.join('\\n'));`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
  });
}

test('a sweep is planned, watched and reported without TensorFlow', { timeout: 120_000 }, () => {
  expect(librariesAfter(sweep)).not.toMatch(/tensorflow/);
  expect(librariesAfter(['@noisy-pairs/engine'])).toMatch(/tensorflow/);
});
