import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { ownFolder } from './owner.ts';
import { thisProcess } from './process-identity.ts';

const nobody = () => undefined;
const quiet = { onNote: nobody, onLost: nobody, patience: 500 };
const folder = () => mkdtempSync(join(tmpdir(), 'owner-'));
const elsewhere = { host: 'elsewhere', pid: 7, started: null, system: 'elsewhere', uuid: 'u' };

/** Makes a file as old as that; negative: of the future. */
function age(path: string, milliseconds: number): void {
  const then = new Date(Date.now() - milliseconds);
  utimesSync(path, then, then);
}

test("a folder is one process's, also where that is stopped; then the next one's", async () => {
  const out = folder();
  const { release, lost } = await ownFolder(out, quiet);
  expect(lost()).toBeUndefined();
  await expect(ownFolder(out, quiet)).rejects.toThrow(
    `${out}: expected no other process at work in it, got process ${process.pid}`,
  );
  release();
  expect(existsSync(join(out, 'owner'))).toBe(false);
});

test('an owner that is dead, or another by now, or cut off, counts for nothing', async () => {
  const out = folder();
  const path = join(out, 'owner');
  const dead = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => dead.on('exit', resolve));
  const of = (owner: object) => JSON.stringify({ ...thisProcess(), ...owner });
  for (const text of [of({ pid: dead.pid }), of({ started: '1' })]) {
    writeFileSync(path, text);
    (await ownFolder(out, quiet)).release();
  }
  for (const text of ['', '{"pid":', 'null']) {
    writeFileSync(path, text);
    age(path, 3_600_000);
    (await ownFolder(out, quiet)).release();
  }
});

test('where nothing can be written no owner is left, and the file is named', async () => {
  const out = folder();
  const module = new URL('../../dist/folder/owner.js', import.meta.url).href;
  const program = `const { ownFolder } = await import(${JSON.stringify(module)});
    const say = (line) => console.log(line);
    await ownFolder(${JSON.stringify(out)}, { onNote: say, onLost: say }).catch(say);`;
  // no file may grow beyond 0 bytes, which is what a full disk does
  const limited = 'ulimit -f 0; exec "$0" --input-type=module -e "$1"';
  const said = spawnSync('sh', ['-c', limited, process.execPath, program], { encoding: 'utf8' });
  expect(`${said.stdout}${said.stderr}`).toContain(
    `Error: ${join(out, 'owner')}: not written (EFBIG: file too large)\n`,
  );
  expect(readdirSync(out)).toEqual([]);
  const { release } = await ownFolder(out, quiet);
  expect(readdirSync(out)).toEqual(['owner']);
  release();
});

test("another machine's counts while it is written to, whatever its clock says", async () => {
  const out = folder();
  const path = join(out, 'owner');
  writeFileSync(path, JSON.stringify(elsewhere));
  await expect(ownFolder(out, quiet)).rejects.toThrow('got process 7 of elsewhere');
  age(path, -3_600_000);
  const notes: string[] = [];
  const { release } = await ownFolder(out, { ...quiet, onNote: (line) => notes.push(line) });
  release();
  expect(notes).toEqual([
    `${path}: expected a file of now or before, got one of the future: stale, removed`,
  ]);
});

test("its age is told by the disk's clock: a minute off takes nothing from another", async () => {
  const out = folder();
  const path = join(out, 'owner');
  writeFileSync(path, JSON.stringify(elsewhere));
  const now = Date.now();
  const clock = vi.spyOn(Date, 'now').mockReturnValue(now + 70_000);
  try {
    await expect(ownFolder(out, quiet)).rejects.toThrow('got process 7 of elsewhere');
    clock.mockReturnValue(now - 70_000);
    age(path, 61_000 + now - Date.now());
    (await ownFolder(out, quiet)).release();
  } finally {
    clock.mockRestore();
  }
});

test('what was given out again is taken over; the older one is told on a line', async () => {
  const out = folder();
  const lines: string[] = [];
  const notes: string[] = [];
  const first = await ownFolder(out, { ...quiet, onLost: (line) => lines.push(line) });
  const second = await ownFolder(out, {
    takesOver: true,
    onNote: (line) => notes.push(line),
    onLost: nobody,
  });
  const { pid } = process;
  const line = new RegExp(
    `^${out}: expected process ${pid} as its owner, got process ${pid} of .+; ` +
      'this one, the older, stops$',
  );
  expect(first.lost()).toMatch(line);
  expect(second.lost()).toBeUndefined();
  expect(lines).toEqual([expect.stringMatching(line)]);
  expect(notes).toEqual([`${out}: taken over from process ${pid}, since it was given out again`]);
  first.release();
  expect(second.lost()).toBeUndefined(); // the older one takes nothing away
  second.release();
}, 15_000);

test('an owner whose file is gone is told so', { timeout: 10_000 }, async () => {
  const out = folder();
  const path = join(out, 'owner');
  const lines: string[] = [];
  const { release } = await ownFolder(out, { ...quiet, onLost: (line) => lines.push(line) });
  expect(readFileSync(path, 'utf8')).toContain(String(process.pid));
  rmSync(path);
  await vi.waitFor(() => {
    expect(lines).toHaveLength(1);
  }, 5000);
  expect(lines[0]).toBe(
    `${out}: expected process ${process.pid} as its owner, got none; this one, the older, stops`,
  );
  release();
});
