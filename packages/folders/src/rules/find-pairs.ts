import { listedPairs } from '../list/listed-pairs.ts';
import { datedPlaces, type DateChoice } from './dated-places.ts';
import type { Found, NamedImage } from './found.ts';
import { twinFolders } from './twin-folders.ts';
import { twinNames } from './twin-names.ts';

/** What the user says of where pairs are. */
export interface FindOptions {
  /** A file that lists them. */
  readonly list?: string | undefined;
  /** Names of the folders of the first and the second images. */
  readonly first?: string | undefined;
  readonly second?: string | undefined;
  /** Default consecutive. */
  readonly dates?: DateChoice | undefined;
}

/**
 * The pairs of the first rule that finds any, used for the whole tree.
 * @throws if none does, and as listedPairs
 */
export async function findPairs(
  root: string,
  images: readonly NamedImage[],
  { list, first, second, dates }: FindOptions,
): Promise<Found> {
  if (list !== undefined) return listedPairs(root, list, images);
  if ((first === undefined) !== (second === undefined))
    throw new Error('--first and --second: expected both, got one');
  if (first !== undefined && second !== undefined) {
    const own = twinFolders(images, [first, second]);
    if (own) return own;
    throw new Error(
      `${root}: expected pairs in folders ${first} and ${second}, got none among ` +
        `${images.length} images`,
    );
  }
  const found = twinFolders(images) ?? twinNames(images) ?? datedPlaces(images, dates);
  if (found) return found;
  throw new Error(
    `${root}: expected pairs, got none among ${images.length} images: no folders as A and B, no ` +
      'names as x_pre and x_post, no dates; name folders by --first and --second, or pairs by ' +
      '--list',
  );
}
