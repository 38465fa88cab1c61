import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const program = new URL('../../../tools/campaigns/damage-files.mjs', import.meta.url);

test('damaged files are read or refused by name: a table of what came of each attempt', () => {
  const flags = ['--count', '6', '--seed', '2', '--only', 'CIFAR-10,xbd index,png'];
  const output = execFileSync(process.execPath, [fileURLToPath(program), ...flags], {
    encoding: 'utf8',
  });
  const [head, , ...rows] = output
    .trim()
    .split('\n')
    .map((line) => line.split(' | '));
  expect(head?.slice(-4)).toEqual(['crash', 'hang', 'silent', 'unnamed |']);
  expect(rows.map(([name, attempts]) => [name, attempts])).toEqual([
    ['| CIFAR-10', '6'],
    ['| xbd index', '6'],
    ['| png', '6'],
    ['| all', '18'],
  ]);
  for (const row of rows) expect(row.slice(-4)).toEqual(['0', '0', '0', '0 |']);
});
