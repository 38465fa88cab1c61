import type { Tensor } from '../tensorflow.ts';

/**
 * Branches by name, down to leaves. Its flat form has one entry a leaf, named by the path joined by
 * '/', in the tree's order: a program's variables and a file's tensors go by these names.
 */
export interface Tree<Leaf> {
  readonly [name: string]: Leaf | Tree<Leaf>;
}

/**
 * Tensors by path. Who holds a tree owns its tensors, unless a function says that it borrows them.
 */
export type TensorTree = Tree<Tensor>;

/** Tensors by name: a tree of depth one. */
export type NamedTensors = Readonly<Record<string, Tensor>>;

/** Some of a tree's branches and leaves. */
export type PartOf<T> = T extends Tensor ? Tensor : { readonly [K in keyof T]?: PartOf<T[K]> };

/**
 * Whatever is no branch: a value, an array of numbers, or what has a shape (a tensor, an InputSpec,
 * a HostTensor).
 */
const isLeaf = (node: unknown): boolean =>
  typeof node !== 'object' ||
  node === null ||
  ArrayBuffer.isView(node) ||
  ('shape' in node && Array.isArray(node.shape));

/**
 * The leaves by path, borrowed; a leaf that is undefined is left out.
 * @throws if two leaves have one path
 */
export function flattenTree<Leaf = Tensor>(
  tree: Tree<NoInfer<Leaf> | undefined>,
): Record<string, Leaf> {
  const flat: Record<string, Leaf> = {};
  mapLeaves(tree, (leaf, name) => {
    if (leaf === undefined) return;
    if (name in flat) throw new Error(`tree: expected one leaf ${name}, got two`);
    flat[name] = leaf as Leaf;
  });
  return flat;
}

/**
 * A tree of the shape of another, its leaves out of a flat record: flattenTree's inverse. Borrowed.
 * @param like leaves of any type: what they are does not matter
 * @throws naming a leaf that the record lacks or that it has besides
 */
export function unflattenTree<T extends Tree<unknown>>(
  flat: Readonly<Record<string, unknown>>,
  like: T,
): T {
  const left = new Set(Object.keys(flat));
  const tree = mapLeaves(like, (_, name) => {
    if (!left.delete(name)) throw new Error(`tree: expected a leaf ${name}, got none`);
    return flat[name];
  });
  const [more] = left;
  if (more !== undefined) throw new Error(`tree: expected no leaf ${more}, got one`);
  return tree as T;
}

/** The same tree of what `f` makes of each tensor (of the same rank) and its path. */
export function mapTree<T extends TensorTree>(
  tree: T,
  f: (tensor: Tensor, name: string) => Tensor,
): T {
  return mapLeaves(tree, (leaf, name) => f(leaf as Tensor, name)) as T;
}

/**
 * The first tree of what `f` makes of each of its tensors and the other's at the same path; what
 * the other has besides does not count.
 * @throws naming a leaf of the first that the other lacks
 */
export function zipTree<T extends TensorTree>(
  tree: T,
  other: NoInfer<T>,
  f: (a: Tensor, b: Tensor, name: string) => Tensor,
): T {
  const others = flattenTree(other);
  return mapTree(tree, (a, name) => {
    const b = others[name];
    if (!b) throw new Error(`tree: expected a leaf ${name} in both, got it in the first alone`);
    return f(a, b, name);
  });
}

/** Frees every tensor of the tree. */
export function disposeAll(tree: TensorTree): void {
  for (const tensor of Object.values(flattenTree(tree))) tensor.dispose();
}

/** A copy of the branches with what `f` makes of each leaf and its path. */
export function mapLeaves(
  tree: Tree<unknown>,
  f: (leaf: unknown, name: string) => unknown,
  prefix = '',
): Tree<unknown> {
  return Object.fromEntries(
    Object.entries(tree).map(([name, node]) => [
      name,
      isLeaf(node)
        ? f(node, prefix + name)
        : mapLeaves(node as typeof tree, f, `${prefix}${name}/`),
    ]),
  );
}
