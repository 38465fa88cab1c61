import { expect, test } from 'vitest';
import { memory } from '../memory.ts';
import { tf, type Tensor } from '../tensorflow.ts';
import { entry1d, entry2d } from './entry.ts';
import { disposeAll, flattenTree, mapTree, unflattenTree, zipTree } from './tree.ts';

const state = () => ({
  query: { 'fc.weight': tf.ones([2, 3]), 'fc.bias': tf.zeros([3]) },
  queues: { queue: tf.zeros([4, 3]) },
  count: tf.scalar(5),
});

test('a tree goes flat by its paths, in its order, and comes back by the shape of another', () => {
  const tree = state();
  const flat = flattenTree(tree);
  expect(Object.keys(flat)).toEqual(['query/fc.weight', 'query/fc.bias', 'queues/queue', 'count']);
  expect(flat['queues/queue']).toBe(tree.queues.queue);
  const back = unflattenTree(flat, state());
  expect(back).toEqual(tree);
  expect(back.query['fc.bias']).toBe(tree.query['fc.bias']);
});

test('a flat record is a tree of depth one, whatever its names', () => {
  const flat = { 'query/a': tf.scalar(1), b: tf.scalar(2) };
  expect(flattenTree(flat)).toEqual(flat);
  expect(unflattenTree(flat, flat)).toEqual(flat);
});

test('branches may be empty, and leaves absent', () => {
  const tree: { queues: { queue?: Tensor }; key: object } = { queues: {}, key: {} };
  expect(unflattenTree({}, { queues: {}, key: {} })).toEqual(tree);
  expect(flattenTree({ queues: { queue: undefined } })).toEqual({});
});

test('specs and arrays are leaves too', () => {
  const pixels = { shape: [2], dtype: 'uint8' as const };
  expect(flattenTree<object>({ first: { pixels }, rate: pixels })).toEqual({
    'first/pixels': pixels,
    rate: pixels,
  });
  const values = { first: { pixels: Uint8Array.of(1, 2) }, rate: 0.5 };
  expect(flattenTree<unknown>(values)).toEqual({
    'first/pixels': values.first.pixels,
    rate: 0.5,
  });
});

test('one path for two leaves, and leaves that are missing or too many, are told', () => {
  const one = tf.scalar(1);
  expect(() => flattenTree({ a: { b: one }, 'a/b': one })).toThrow(
    'tree: expected one leaf a/b, got two',
  );
  expect(() => unflattenTree({}, { a: { b: one } })).toThrow('tree: expected a leaf a/b, got none');
  expect(() => unflattenTree({ 'a/b': one, c: one }, { a: { b: one } })).toThrow(
    'tree: expected no leaf c, got one',
  );
});

test('mapTree and zipTree go leaf by leaf, with paths', () => {
  const names: string[] = [];
  const doubled = mapTree(state(), (tensor, name) => {
    names.push(name);
    return tensor.mul(2);
  });
  expect(names).toEqual(Object.keys(flattenTree(state())));
  expect(doubled.count.dataSync()[0]).toBe(10);

  const key = { a: tf.scalar(1), b: tf.scalar(2) };
  const query = { ...key, more: tf.scalar(9), b: tf.scalar(3) };
  const sums = zipTree<Record<string, Tensor>>(key, query, (k, q) => k.add(q));
  expect(Object.keys(sums)).toEqual(['a', 'b']);
  expect(sums['b']?.dataSync()[0]).toBe(5);
  expect(() => zipTree<Record<string, Tensor>>(query, key, (k) => k)).toThrow(
    'tree: expected a leaf more in both, got it in the first alone',
  );
});

test('disposeAll frees every tensor', () => {
  const before = memory().tensors;
  disposeAll(state());
  expect(memory().tensors).toBe(before);
});

test('an entry is asked for by name and rank', () => {
  const { query } = state();
  expect(entry2d(query, 'fc.weight')).toBe(query['fc.weight']);
  expect(entry1d(query, 'fc.bias')).toBe(query['fc.bias']);
  expect(() => entry1d(query, 'fc.weight')).toThrow(
    'fc.weight: expected a tensor of rank 1, got [2, 3]',
  );
  expect(() => entry1d(query, 'bias')).toThrow('bias: expected a tensor of rank 1, got none of 2');
});
