/**
 * The place of an image by its name: numbers of crops at the end go, as long as a number is left
 * that names the place: test_113_0256 is of test_113, 0_2 of 0, train_12 its own.
 */
export function placeOfName(name: string): string {
  const shorter = name.replace(/[_-]\d+$/, '');
  return shorter !== name && /\d$/.test(shorter) ? placeOfName(shorter) : name;
}

/** @throws if the pattern has no group or finds no place in the name */
export function placeByPattern(name: string, pattern: RegExp): string {
  const place = pattern.exec(name)?.[1];
  if (place !== undefined) return place;
  throw new Error(
    `--place ${pattern.source}: expected it to find its group in names, not so ${name}`,
  );
}
