/** What an xBD file name says: `DISASTER_00000000_pre_disaster.png`. */
export interface TileName {
  /** E.g. joplin-tornado; holds hyphens, never underscores. */
  readonly disaster: string;
  /** Eight digits; unique within a disaster only. */
  readonly id: string;
  readonly phase: 'pre' | 'post';
  readonly extension: 'png' | 'tif' | 'json';
}

/** @returns undefined for a name that is not of this form (target masks among them). */
export function parseTileName(file: string): TileName | undefined {
  const match = /^([a-z0-9-]+)_(\d{8})_(pre|post)_disaster\.(png|tif|json)$/.exec(file);
  if (!match) return undefined;
  const [, disaster = '', id = '', phase, extension] = match;
  return { disaster, id, phase: phase as TileName['phase'], extension: extension as TileName['extension'] };
}
