/** The part of a LabelledSource or a ClassifiedSource that two of them have to share. */
interface Sized {
  readonly size: number;
  readonly classes: readonly string[];
  readonly images?: number;
}

/**
 * @param names what errors call them
 * @throws unless both sources have one size, the same classes, and as many images a mask
 */
export function requireAlike(
  one: Sized,
  other: Sized,
  [first, second]: readonly [string, string] = ['training', 'test'],
): void {
  const compare = (what: string, expected: string, got: string, unit = '') => {
    if (expected !== got)
      throw new Error(`${second} ${what}: expected ${expected}${unit} as in ${first}, got ${got}`);
  };
  compare('size', `${one.size}`, `${other.size}`, ' pixels');
  compare('images', `${one.images ?? 1}`, `${other.images ?? 1}`, ' a mask');
  compare('classes', one.classes.join(', '), other.classes.join(', '));
}
