import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const library = new URL('../dist/index.js', import.meta.url).href;
const folder = mkdtempSync(join(tmpdir(), 'command-line-'));
const program = join(folder, 'program.mjs');
writeFileSync(
  program,
  `import { callerPath, openCommand, runCommand, wholeNumber } from ${JSON.stringify(library)};
const command = openCommand('shop:count', 'Counts.', ['nx run shop:count -- --apples 3'])
  .option('--apples <n>', 'apples', wholeNumber(1), 1)
  .option('--bag <folder>', 'where they are', callerPath);
await runCommand(command, async ({ apples, bag }) => {
  if (apples === 13) throw new Error('apples: expected luck,\\n   got 13');
  console.log(String(apples), bag);
});
`,
);
const run = (...flags: string[]) =>
  spawnSync(process.execPath, [program, ...flags], {
    encoding: 'utf8',
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    env: { ...process.env, INIT_CWD: folder },
  });

test('options reach the program, paths from where the user stands', () => {
  const output = execFileSync(process.execPath, [program, '--apples', '3', '--bag', 'red'], {
    encoding: 'utf8',
    env: { ...process.env, INIT_CWD: folder },
  });
  expect(output).toBe(`3 ${join(folder, 'red')}\n`);
});

test('an error is one line behind the command, and exit code 1', () => {
  const { status, stdout, stderr } = run('--apples', '13');
  expect([status, stdout, stderr]).toEqual([1, '', 'shop:count: apples: expected luck, got 13\n']);
});

test('a number that does not fit is refused with both values', () => {
  const { status, stderr } = run('--apples', '0');
  expect(status).toBe(1);
  expect(stderr).toContain('expected a positive whole number, got 0.');
  expect(stderr).toContain('--help lists the options');
});

test('help shows the examples', () => {
  expect(run('--help').stdout).toContain('Example:\n  nx run shop:count -- --apples 3');
});
