/** The parts of an xBD file name. */
export interface TileName {
  /** Names the pair, in small letters: `joplin-tornado_00000000`, anonymous files `test_00000`. */
  readonly stem: string;
  /** E.g. joplin-tornado, in small letters. Empty for anonymous files. */
  readonly disaster: string;
  /** Eight digits, unique within a disaster only; five for anonymous files. */
  readonly id: string;
  readonly phase: 'pre' | 'post';
  readonly role: 'image' | 'label' | 'target';
  readonly extension: 'png' | 'tif' | 'jpg' | 'json';
}

/** xBD's own disasters have no underscores; those of others may. */
const named =
  /^([a-z0-9][a-z0-9_-]*)_(\d{8})_(pre|post)_disaster(_target)?\.(png|tiff?|jpe?g|json)$/;
/**
 * The challenge's anonymous files: test_pre_00000.png, test_post_00000.png, and the targets
 * test_localization_00000_target.png (pre), test_damage_00000_target.png (post).
 */
const anonymous =
  /^(test|hold)_(pre|post|localization|damage)_(\d{5})(_target)?\.(png|tiff?|jpe?g|json)$/;

/** @param file in any case @returns undefined for a name of neither form */
export function parseTileName(file: string): TileName | undefined {
  const name = file.toLowerCase();
  return parseNamed(name) ?? parseAnonymous(name);
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
    extension: extensionOf(extension),
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
    extension: extensionOf(extension),
  };
}

/** The usual spelling. */
const extensionOf = (text: string) =>
  text.replace('tiff', 'tif').replace('jpeg', 'jpg') as TileName['extension'];

/** @returns undefined for a target that is no PNG */
function roleOf(isTarget: boolean, extension: string): TileName['role'] | undefined {
  if (isTarget) return extension === 'png' ? 'target' : undefined;
  return extension === 'json' ? 'label' : 'image';
}
