import { expect, test } from 'vitest';
import { recipe } from '../../recipes/registry.ts';
import { unsharedNote } from './shared-paths.ts';

const mounts = `22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /home rw - nfs4 server:/home rw,vers=4.2
31 22 0:41 / /shared\\040data rw shared:9 - fuse.glusterfs server:/data rw
32 22 0:42 / /scratch rw - tmpfs tmpfs rw
33 22 0:43 / /scratch rw - lustre mds:/scratch rw
`;

test('what is not on a shared disk is named with its file system, and no more', () => {
  const sweep = recipe('smoke');
  const note = unsharedNote('/results', sweep, mounts) ?? '';
  expect(note).toContain("not on a shared disk, by this machine's mounts: /results (ext4), ");
  expect(note).toContain(`${process.execPath} (ext4)`);
  for (const out of ['/home/me/out', '/shared data/out', '/scratch/out'])
    expect(unsharedNote(out, sweep, mounts)).not.toContain(out);
  const init = { file: '/homes/w.safetensors', sha256: '0' };
  const panels = sweep.panels.map((panel) => ({ ...panel, base: { ...panel.base, init } }));
  expect(unsharedNote('/home/out', { ...sweep, panels }, mounts)).toContain(
    '/homes/w.safetensors (ext4)',
  );
  expect(unsharedNote('/results', sweep, '')).toBeUndefined();
  expect(unsharedNote('/results', sweep, mounts.replace('ext4', 'nfs'))).toBeUndefined();
});
