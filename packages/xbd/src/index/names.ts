/** The parts of an xBD file name. */
export interface TileName {
  /** Names the pair: `joplin-tornado_00000000`, or `test_00000` for anonymous files. */
  readonly stem: string;
  /** E.g. joplin-tornado; holds hyphens, never underscores. Empty for anonymous files. */
  readonly disaster: string;
  /** Eight digits, unique within a disaster only; five for anonymous files. */
  readonly id: string;
  readonly phase: 'pre' | 'post';
  readonly role: 'image' | 'label' | 'target';
  readonly extension: 'png' | 'tif' | 'json';
}

const named = /^([a-z0-9-]+)_(\d{8})_(pre|post)_disaster(_target)?\.(png|tif|json)$/;
/**
 * The challenge's anonymous files: test_pre_00000.png, test_post_00000.png, and the targets
 * test_localization_00000_target.png (pre), test_damage_00000_target.png (post).
 */
const anonymous = /^(test|hold)_(pre|post|localization|damage)_(\d{5})(_target)?\.(png|tif|json)$/;

/** @returns undefined for a name of neither form */
export function parseTileName(file: string): TileName | undefined {
  return parseNamed(file) ?? parseAnonymous(file);
}

function parseNamed(file: string): TileName | undefined {
  const parts = named.exec(file);
  if (!parts) return undefined;
  const [, disaster = '', id = '', phase, target, extension = ''] = parts;
  const role = roleOf(target !== undefined, extension);
  if (!role) return undefined;
  return {
    stem: `${disaster}_${id}`,
    disaster,
    id,
    phase: phase as TileName['phase'],
    role,
    extension: extension as TileName['extension'],
  };
}

function parseAnonymous(file: string): TileName | undefined {
  const parts = anonymous.exec(file);
  if (!parts) return undefined;
  const [, set = '', what = '', id = '', target, extension = ''] = parts;
  const isTarget = what === 'localization' || what === 'damage';
  const role = roleOf(isTarget, extension);
  if (isTarget !== (target !== undefined) || !role) return undefined;
  return {
    stem: `${set}_${id}`,
    disaster: '',
    id,
    phase: what === 'pre' || what === 'localization' ? 'pre' : 'post',
    role,
    extension: extension as TileName['extension'],
  };
}

/** @returns undefined for a target that is no PNG */
function roleOf(isTarget: boolean, extension: string): TileName['role'] | undefined {
  if (isTarget) return extension === 'png' ? 'target' : undefined;
  return extension === 'json' ? 'label' : 'image';
}
