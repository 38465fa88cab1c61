import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { leftOutLine, listTextures } from './list-textures.ts';

it('finds images of any case by class, and leaves litter and dead links out by name', () => {
  const dir = mkdtempSync(join(tmpdir(), 'textures-odd-'));
  const folders = ['brick', 'Grass', '.ipynb_checkpoints', '__MACOSX', 'bare', 'both', 'odd'];
  for (const name of folders) mkdirSync(join(dir, name));
  mkdirSync(join(dir, 'brick', '.ipynb_checkpoints'));
  mkdirSync(join(dir, 'odd', 'folder.png'));
  execFileSync('mkfifo', [join(dir, 'odd', 'pipe.png')]);
  const files = ['brick/a.png', 'brick/._a.png', 'brick/.hidden.png', 'Grass/b.JPG', 'c.JPEG'];
  files.push('.ipynb_checkpoints/a-checkpoint.png', 'bare/Thumbs.db', 'notes.txt', '._c.JPEG');
  files.push('both/a.png', 'both.png');
  for (const name of files) writeFileSync(join(dir, name), '');
  symlinkSync('/nowhere/at/all', join(dir, 'dangling'));
  symlinkSync('/nowhere/at/all.png', join(dir, 'Grass', 'gone.png'));
  symlinkSync(join(dir, 'c.JPEG'), join(dir, 'odd', 'link.png'));
  symlinkSync(join(dir, 'brick'), join(dir, 'linked'));
  const { classes, leftOut } = listTextures(dir);
  expect(Object.fromEntries(classes)).toEqual({
    Grass: ['Grass/b.JPG'],
    bare: [],
    both: ['both/a.png'],
    brick: ['brick/a.png'],
    c: ['c.JPEG'],
    linked: ['linked/a.png'],
    odd: ['odd/link.png'],
  });
  expect([...leftOut].sort()).toEqual([
    '._c.JPEG',
    '.ipynb_checkpoints',
    'Grass/gone.png',
    '__MACOSX',
    'bare/Thumbs.db',
    'both.png',
    'brick/._a.png',
    'brick/.hidden.png',
    'brick/.ipynb_checkpoints',
    'dangling',
    'linked/._a.png',
    'linked/.hidden.png',
    'linked/.ipynb_checkpoints',
    'notes.txt',
    'odd/folder.png',
    'odd/pipe.png',
  ]);
  expect(leftOutLine(['a', 'b'])).toBe('2 left out of the textures: a, b');
  expect(leftOutLine(leftOut)).toMatch(/^16 left out of the textures: .*, \.\.\.$/);
  expect(leftOutLine([])).toBeUndefined();
});
