import { describe, expect, it } from 'vitest';
import { xview2Score } from './xview2-score.ts';

const of = (...values: number[]) => Uint8Array.from(values);
const scoreOf = (
  localisation: Uint8Array,
  damage: Uint8Array,
  localisationTarget: Uint8Array,
  damageTarget: Uint8Array,
) => {
  const score = xview2Score();
  score.add(localisation, damage, localisationTarget, damageTarget);
  return score.result();
};

describe('the xView2 score', () => {
  it('is 1 for what is right', () => {
    const target = of(0, 1, 2, 3, 4, 0);
    const { score, localisation, absent } = scoreOf(target, target, target, target);
    expect(localisation).toBe(1);
    expect(score).toBeCloseTo(1, 5); // the harmonic mean is of F1 + 1e-6
    expect(absent).toEqual([]);
  });

  it('by hand: pixels pooled, damage only in predicted buildings, scored only on targets', () => {
    // pixel:                      0  1  2  3  4  5  6  7  8
    const localisation = of(1, 1, 1, 1, 0, 1, 1, 1, 0);
    const damage = of(1, 1, 2, 3, 4, 4, 4, 2, 0);
    const localisationTarget = of(1, 1, 1, 1, 1, 1, 0, 1, 0);
    const damageTarget = of(1, 1, 1, 3, 4, 4, 0, 2, 0);
    const result = scoreOf(localisation, damage, localisationTarget, damageTarget);
    // Localisation: 6 right, pixel 6 too many, pixel 4 missed.
    expect(result.localisation).toBeCloseTo(12 / 14, 12);
    // 1: 2 right, pixel 2 missed. 2: 1 right, pixel 2 too many. 3: 1 right. 4: 1 right, pixel 4
    // missed for want of a building; pixel 6 is free.
    const f1 = [4 / 5, 2 / 3, 1, 2 / 3];
    expect(result.classes.map((c) => c.f1)).toEqual(
      f1.map((value) => expect.closeTo(value, 12) as number),
    );
    const harmonic = 4 / f1.reduce((sum, value) => sum + 1 / (value + 1e-6), 0);
    expect(result.damage).toBeCloseTo(harmonic, 12);
    expect(result.score).toBeCloseTo(0.3 * (12 / 14) + 0.7 * harmonic, 12);
    expect(result.scoreOfPresent).toBeCloseTo(result.score, 12);
  });

  it('names the classes that no target holds, which ruin the official score', () => {
    const target = of(0, 1, 1, 4);
    const { damage, score, absent, scoreOfPresent } = scoreOf(target, target, target, target);
    expect(damage).toBeCloseTo(4 / (2 / (1 + 1e-6) + 2e6), 12);
    expect(score).toBeCloseTo(0.3 + 0.7 * damage, 12);
    expect(absent).toEqual(['minor-damage', 'major-damage']);
    expect(scoreOfPresent).toBeCloseTo(1, 5);
  });

  it('adds images up before it divides', () => {
    const score = xview2Score();
    score.add(of(1, 1), of(1, 1), of(1, 0), of(1, 0));
    score.add(of(0, 0), of(0, 0), of(1, 0), of(2, 0));
    expect(score.result().localisation).toBe(0.5);
    expect(score.result().classes.map(({ f1, pixels }) => [f1, pixels])).toEqual([
      [1, 1],
      [0, 1],
      [0, 0],
      [0, 0],
    ]);
  });

  it('of nothing right is 0, and refuses masks that do not fit', () => {
    expect(scoreOf(of(0), of(0), of(1), of(1))).toMatchObject({
      localisation: 0,
      classes: [{ f1: 0 }, { f1: 0 }, { f1: 0 }, { f1: 0 }],
    });
    expect(() => scoreOf(of(1), of(1, 2), of(1), of(1))).toThrow(
      'xView2 score: expected masks of 1 pixels, got 2 in damage',
    );
    expect(() => scoreOf(of(1, 1), of(1, 255), of(1, 1), of(1, 1))).toThrow(
      'xView2 score: expected values 0..4, got 255 at pixel 1 of damage',
    );
  });
});
