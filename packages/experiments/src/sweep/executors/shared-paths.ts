import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SweepConfig } from '../../config/sweep-config.ts';

/** Types of file systems that several machines mount. */
const shared =
  /^(nfs\d?|lustre|gpfs|ceph|cifs|smb3|9p|virtiofs|afs|fuse\..+|(beegfs|gluster|panfs|weka).*)$/;

/**
 * Says which of the files that a sweep's runs need are not on a shared disk, as far as mounts tell.
 * A server that exports its own disk, or nodes that have the same things at the same paths, are
 * fine; so this is no error. Whether a node sees its run is told when that starts.
 * @param out folder of the sweep
 * @returns undefined where all is shared, or nothing can be told
 */
export function unsharedNote(
  out: string,
  sweep: SweepConfig,
  mounts: string = mountsOfThisMachine(),
): string | undefined {
  const program = dirname(fileURLToPath(import.meta.url));
  const paths = new Set([out, ...pathsIn(sweep.panels), process.execPath, program]);
  const local = [...paths].flatMap((path) => {
    const type = fileSystemOf(path, mounts);
    return type === undefined || shared.test(type) ? [] : `${path} (${type})`;
  });
  if (local.length === 0) return undefined;
  return (
    `not on a shared disk, by this machine's mounts: ${local.join(', ')}; all nodes must have ` +
    'them at these paths'
  );
}

/** Absolute paths in a configuration: data, textures, weights. */
function pathsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.startsWith('/') ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(pathsIn);
}

/** Type of the file system that a path is on: `ext4`. */
function fileSystemOf(path: string, mounts: string): string | undefined {
  let found: { readonly at: string; readonly type: string } | undefined;
  for (const line of mounts.split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const escaped = before.split(' ')[4];
    const type = after.split(' ')[0];
    if (escaped === undefined || !type) continue;
    const at = escaped.replace(/\\(\d{3})/g, (_, octal: string) =>
      String.fromCharCode(parseInt(octal, 8)),
    );
    const isAbove = path === at || path.startsWith(at.endsWith('/') ? at : `${at}/`);
    // of two mounts at one place, the later one is seen
    if (isAbove && at.length >= (found?.at.length ?? 0)) found = { at, type };
  }
  return found?.type;
}

function mountsOfThisMachine(): string {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8');
  } catch {
    return '';
  }
}
