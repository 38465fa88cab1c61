import type { LeftOut, RuleName } from '../index/folder-index.ts';

/** An image by its names: a file, or a folder with a file a band. */
export interface NamedImage {
  /** Of the file without its extension, or of the folder; below the root. */
  readonly path: string;
  /** One, or three of red, green and blue. */
  readonly files: readonly [string, ...string[]];
  /** Of the same folder, other bands. */
  readonly otherBands: readonly string[];
}

/** A pair by its names, whose files nobody has looked into. */
export interface NamedPair {
  readonly name: string;
  readonly first: NamedImage;
  readonly second: NamedImage;
  /** Files of masks. */
  readonly change?: string | undefined;
  readonly firstMask?: string | undefined;
  readonly secondMask?: string | undefined;
  readonly class?: string | undefined;
  readonly split?: string | undefined;
  readonly place: string;
}

/** What a rule found. */
export interface Found {
  readonly rule: RuleName;
  /** With the names that it went by. */
  readonly how: string;
  readonly pairs: readonly NamedPair[];
  /** Images that it left out, with its reasons. */
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly string[];
}
