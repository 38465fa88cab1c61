import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { diskNow } from './disk-clock.ts';
import { hostPart, temporaryName } from './temporary-name.ts';
import { removeUnfinishedFiles } from './unfinished-files.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'unfinished-'));

test("a temporary name is a machine's, a process's and of one file", () => {
  const [one, other] = [temporaryName('/a/x.json'), temporaryName('/a/x.json')];
  expect(one).not.toBe(other);
  expect(one).toMatch(`/a/x.json.${hostPart}.${process.pid}.`);
});

test("the disk's clock is that of its files", () => {
  const out = folder();
  expect(Math.abs(diskNow(out) - Date.now())).toBeLessThan(5000);
  expect(readdirSync(out)).toEqual([]);
});

test('what dead processes were writing is removed, all else stays', () => {
  const out = folder();
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  const kept = ['result.json', 'a.txt', 'a.1', 'notes.2.md', 'checkpoint.safetensors'];
  const alive = [
    basename(temporaryName('metrics.jsonl')),
    'result.json.another-host.12.0-1.tmp',
    'report.html.5', // of an earlier version, which may be at work
  ];
  const unfinished = [
    `result.json.${hostPart}.${dead}.0-1.tmp`,
    'checkpoint.next.safetensors',
    'checkpoint.next.safetensors.77.tmp',
    'result.json.1234',
    'metrics.jsonl.another-host.12.3-4.tmp',
  ];
  mkdirSync(join(out, 'damage'));
  for (const name of [...kept, ...alive, ...unfinished, 'damage/p.png.3'])
    writeFileSync(join(out, name), '');
  const old = new Date(Date.now() - 3_700_000);
  for (const name of [...unfinished.slice(1), 'damage/p.png.3'])
    utimesSync(join(out, name), old, old);
  expect(removeUnfinishedFiles(out, true)).toHaveLength(6);
  expect(readdirSync(out).sort()).toEqual([...kept, ...alive, 'damage'].sort());
  expect(readdirSync(join(out, 'damage'))).toEqual([]);
});
