/** Shapes by name; tensors have them. */
export type Shapes = Readonly<Record<string, { readonly shape: readonly number[] }>>;

/** A message names so many differences at most. */
const mostNamed = 5;

/**
 * @throws unless both have the same names and shapes; the message lists what is missing,
 *   superfluous or of another shape
 */
export function requireLike(tensors: Shapes, expected: Shapes): void {
  const names = new Set([...Object.keys(expected), ...Object.keys(tensors)]);
  const different = [...names].flatMap((name) => {
    const [wanted, got] = [shapeOf(expected, name), shapeOf(tensors, name)];
    return wanted === got ? [] : [`${name}: expected shape ${wanted}, got ${got}`];
  });
  if (different.length > mostNamed)
    different.splice(mostNamed, Infinity, `and ${different.length - mostNamed} more`);
  if (different.length > 0) throw new Error(different.join('; '));
}

const shapeOf = (shapes: Shapes, name: string) =>
  shapes[name] ? `[${shapes[name].shape.join(', ')}]` : 'none';
