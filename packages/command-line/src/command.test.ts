import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const library = new URL('../dist/index.js', import.meta.url).href;
const folder = mkdtempSync(join(tmpdir(), 'command-line-'));
const program = join(folder, 'program.mjs');
writeFileSync(
  program,
  `import { writeFile } from 'node:fs/promises';
import {
  callerPath,
  callerExecutable,
  openCommand,
  runCommand,
  wholeNumber,
} from ${JSON.stringify(library)};
const examples = ['nx run shop:count -- --apples 3'];
const command = openCommand('shop:count', 'Counts.', examples, ['It takes a while.'])
  .option('--apples <n>', 'apples', wholeNumber(1), 1)
  .option('--bag <folder>', 'where they are', callerPath)
  .option('--scales <executable>', 'what weighs them', callerExecutable, '');
await runCommand(command, async ({ apples, bag, scales }) => {
  for (let i = 0; i < 20_000 && apples === 14; i++) console.log('apple ' + i);
  if (apples === 14 && bag) await writeFile(bag, 'all');
  if (apples === 13) throw new Error('apples: expected luck,\\n   got 13');
  console.log([apples, bag, scales].filter(Boolean).join(' '));
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

test('a closed pipe behind the output is one line, and the work goes on to its end', () => {
  const [full, bag] = ['"$0" "$1" --apples 14 --bag "$2" | head -1', join(folder, 'bag')];
  const { stdout, stderr } = spawnSync('sh', ['-c', full, process.execPath, program, bag], {
    encoding: 'utf8',
  });
  expect(stdout).toBe('apple 0\n');
  expect(stderr).toBe('shop:count: standard output is lost (write EPIPE); goes on without\n');
  expect(readFileSync(bag, 'utf8')).toBe('all');
});

test.each([
  [
    ['--apples', '0'],
    "error: option '--apples <n>' argument '0' is invalid. " +
      'expected a positive whole number, got 0.\n',
  ],
  [['--aples', '1'], "error: unknown option '--aples' (Did you mean --apples?)\n"],
])('%j is refused in one line, exit code 1', (flags, line) => {
  const { status, stdout, stderr } = run(...flags);
  expect([status, stdout, stderr]).toEqual([1, '', line]);
});

test('help shows remarks and examples', () => {
  const { stdout } = run('--help');
  expect(stdout).toContain('\nIt takes a while.\n\nExample:\n  nx run shop:count -- --apples 3\n');
});

test('executables without a folder are left to PATH', () => {
  expect(run('--scales', 'python3').stdout).toContain('python3\n');
  expect(run('--scales', './kitchen').stdout).toContain(`${join(folder, 'kitchen')}\n`);
});
