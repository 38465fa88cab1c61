/** What an xBD file name says. */
export interface TileName {
  /**
   * Of the pair: `joplin-tornado_00000000`, or `test_00000` for the challenge's anonymous files.
   */
  readonly stem: string;
  /** E.g. joplin-tornado; holds hyphens, never underscores. Empty for anonymous files. */
  readonly disaster: string;
  /** Eight digits, unique within a disaster only; five for anonymous files. */
  readonly id: string;
  readonly phase: 'pre' | 'post';
  readonly kind: 'image' | 'label' | 'target';
  readonly extension: 'png' | 'tif' | 'json';
}

const named = /^([a-z0-9-]+)_(\d{8})_(pre|post)_disaster(_target)?\.(png|tif|json)$/;
/**
 * Of the challenge: test_pre_00000.png, test_post_00000.png, and targets
 * test_damage_00000_target.png (post), test_localization_... (pre).
 */
const anonymous = /^(test|hold)_(pre|post|localization|damage)_(\d{5})(_target)?\.(png|tif|json)$/;

/** @returns undefined for a name of neither form */
export function parseTileName(file: string): TileName | undefined {
  const known = named.exec(file);
  if (known) {
    const [, disaster = '', id = '', phase, target, extension = ''] = known;
    return tileName(
      `${disaster}_${id}`,
      disaster,
      id,
      phase as 'pre' | 'post',
      target !== undefined,
      extension,
    );
  }
  const challenge = anonymous.exec(file);
  if (challenge) {
    const [, set = '', what = '', id = '', target, extension = ''] = challenge;
    const isTarget = what === 'localization' || what === 'damage';
    if (isTarget !== (target !== undefined)) return undefined;
    return tileName(
      `${set}_${id}`,
      '',
      id,
      what === 'pre' || what === 'localization' ? 'pre' : 'post',
      isTarget,
      extension,
    );
  }
  return undefined;
}

function tileName(
  stem: string,
  disaster: string,
  id: string,
  phase: 'pre' | 'post',
  target: boolean,
  extension: string,
): TileName | undefined {
  if (target && extension !== 'png') return undefined;
  return {
    stem,
    disaster,
    id,
    phase,
    kind: extension === 'json' ? 'label' : target ? 'target' : 'image',
    extension: extension as TileName['extension'],
  };
}
