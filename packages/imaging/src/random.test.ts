import { describe, expect, it } from 'vitest';
import { Random } from './random.ts';

const draw = (random: Random, n: number) => Array.from({ length: n }, () => random.uniform());

describe('Random', () => {
  it('repeats itself for the same seed and differs for another', () => {
    expect(draw(Random.from(7), 5)).toEqual(draw(Random.from(7), 5));
    expect(draw(Random.from(7), 5)).not.toEqual(draw(Random.from(8), 5));
    expect(draw(Random.from(1), 1)).not.toEqual(draw(Random.from('1'), 1));
  });

  it('gives the numbers it always gave: data sets of a seed must not change', () => {
    expect(Random.from(3).split('image', 12).uniform()).toBe(0.12064658729620314);
  });

  it('splits by path alone, whatever was drawn before', () => {
    const fresh = Random.from(1);
    const used = Random.from(1);
    draw(used, 100);
    expect(draw(used.split('image', 3), 4)).toEqual(draw(fresh.split('image', 3), 4));
    const before = draw(Random.from(1), 2);
    const parent = Random.from(1);
    parent.split('x').uniform();
    expect(draw(parent, 2)).toEqual(before);
  });

  it('tells apart paths that would read the same when joined', () => {
    const root = Random.from(1);
    const paths = [['a', 1], ['a', '1'], ['a1'], ['a', 'b'], ['a,b'], ['b', 'a'], []] as const;
    const firsts = paths.map((path) => root.split(...path).uniform());
    expect(new Set([root.uniform(), ...firsts]).size).toBe(paths.length + 1);
  });

  it('goes on from a stored state, through JSON', () => {
    const random = Random.from(5);
    draw(random, 13);
    const restored = Random.restore(
      JSON.parse(JSON.stringify(random.state())) as ReturnType<Random['state']>,
    );
    expect(restored.split('x').uniform()).toBe(random.split('x').uniform());
    expect(draw(restored, 9)).toEqual(draw(random, 9));
  });

  it('draws uniformly: 10 bins of 20,000 draws within 5 standard deviations', () => {
    const random = Random.from(2);
    for (const next of [
      () => Math.floor(10 * random.uniform()),
      () => random.int(10),
      () => Math.floor(random.range(0, 10)),
    ]) {
      const draws = Array.from({ length: 20_000 }, next);
      for (const count of Array.from(
        { length: 10 },
        (_, bin) => draws.filter((value) => value === bin).length,
      ))
        expect(Math.abs(count - 2000)).toBeLessThan(5 * Math.sqrt(1800));
    }
  });

  it('draws normally: mean 0, variance 1, kurtosis 3, and truth with its probability', () => {
    const random = Random.from(2);
    const n = 50_000;
    const values = Array.from({ length: n }, () => random.normal());
    const moment = (p: number) => values.reduce((sum, v) => sum + v ** p, 0) / n;
    expect(moment(1)).toBeCloseTo(0, 1);
    expect(moment(2)).toBeCloseTo(1, 1);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.2);
    const heads = Array.from({ length: n }, () => random.bool(0.2)).filter(Boolean).length;
    expect(Math.abs(heads / n - 0.2)).toBeLessThan(0.01);
  });

  it('permutes: every number once, every order of three equally often', () => {
    const random = Random.from(4);
    expect([...random.permutation(50)].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, i) => i),
    );
    const orders = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = random.permutation(3).join();
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(6);
    for (const count of orders.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it('shuffles in place', () => {
    const items = ['a', 'b', 'c', 'd'];
    expect(Random.from(1).shuffle(items)).toBe(items);
    expect([...items].sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('refuses what is no seed and no range', () => {
    expect(() => Random.from(1.5)).toThrow('seed: expected a whole number, got 1.5');
    expect(() => Random.from(NaN)).toThrow('seed: expected a whole number, got NaN');
    expect(() => Random.from(1).int(0)).toThrow(
      'Random.int: expected a positive whole number, got 0',
    );
  });
});
