import { distance } from 'fastest-levenshtein';

/**
 * The known keys that a wrong one was most likely meant to be, three at most: by the fewest letters
 * to change in as many of their last words as the wrong one has; those alike in all first.
 */
export function nearestKeys(wrong: string, known: readonly string[]): string[] {
  const words = wrong.split('.').length;
  const endDistance = (key: string) => distance(wrong, key.split('.').slice(-words).join('.'));
  const least = Math.min(...known.map(endDistance));
  return [...new Set(known)]
    .filter((key) => endDistance(key) === least)
    .sort((a, b) => distance(wrong, a) - distance(wrong, b))
    .slice(0, 3);
}
