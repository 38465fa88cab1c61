import { expect, test } from 'vitest';
import { findings, type Finding } from './findings.ts';
import { reachOf } from './reach.ts';

const margin = 0.02;
const one = (differences: readonly number[]): Finding =>
  findings([differences], { margin })[0] ?? expect.fail();

test('gain, harm, equivalent and unclear, each with an interval that agrees', () => {
  expect(one([0.05, 0.051, 0.052])).toMatchObject({ outcome: 'gain', direction: 'gain', count: 3 });
  expect(one([-0.1, -0.102, -0.104])).toMatchObject({ outcome: 'harm', direction: 'harm' });
  const small = one([0.004, 0.005, 0.006]);
  expect(small).toMatchObject({ outcome: 'equivalent', direction: 'gain' });
  expect(small.interval?.level).toBeCloseTo(0.9, 12);
  expect(one([-0.003, 0.001, 0.002])).toMatchObject({ outcome: 'equivalent', direction: null });
  expect(one([-0.08, 0.1, 0.03])).toMatchObject({ outcome: 'unclear', direction: null });
});

test('one seed, and seeds without spread, find nothing, and still count among the settings', () => {
  for (const differences of [[0.3], [0, 0, 0], [0.15, 0.15, 0.15]])
    expect(one(differences)).toEqual({
      outcome: 'unclear',
      direction: null,
      count: differences.length,
      difference: null,
      equivalence: null,
      interval: null,
    });
  const some = [0.05, 0.06, 0.07];
  expect(findings([some, [0.3]], { margin })[0]?.difference?.adjusted).toBeCloseTo(
    2 * (one(some).difference?.raw ?? NaN),
    12,
  );
  expect(reachOf([0.3], 2, { margin })).toBeNull();
});

test('a margin of nothing is refused', () => {
  expect(() => findings([[0.1, 0.2]], { margin: 0 })).toThrow('expected a number above 0, got 0');
});

/** Numbers as Student's t wants them, from a seed: Mulberry32, Box and Muller. */
function normals(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/**
 * Share of simulated reports for which something holds.
 * @param effects true mean differences, one a setting; seeds deviate by 0.02
 * @param shared share of the deviation that all settings have in common, by the same clean run
 */
function simulated(
  { effects, seeds, shared, reports = 2000 }: Report,
  holds: (found: Finding[]) => boolean,
): number {
  const draw = normals(7);
  let count = 0;
  for (let report = 0; report < reports; report++) {
    const common = Array.from({ length: seeds }, draw);
    const settings = effects.map((effect) =>
      common.map(
        (base) => effect + 0.02 * (Math.sqrt(shared) * base + Math.sqrt(1 - shared) * draw()),
      ),
    );
    const found = findings(settings, { margin });
    for (const finding of found) expectAgreement(finding);
    if (holds(found)) count++;
  }
  return count / reports;
}
interface Report {
  readonly effects: readonly number[];
  readonly seeds: number;
  readonly shared: number;
  readonly reports?: number;
}

/** What is printed beside an outcome never speaks against it. */
function expectAgreement({ outcome, interval }: Finding): void {
  const { low, high } = interval ?? expect.fail();
  const apart = low > 0 || high < 0;
  const within = low > -margin && high < margin;
  const agrees = { gain: low > 0, harm: high < 0, equivalent: within, unclear: !apart && !within };
  if (!agrees[outcome]) expect.fail(`${outcome} with [${low}, ${high}]`);
}

const told = ({ direction }: Finding) => direction !== null;
const equivalent = ({ outcome }: Finding) => outcome === 'equivalent';

// 2,000 reports: a true 5 % is found as 5 % +- 1 (two standard errors).
test.each([
  [3, 0],
  [9, 0],
  [5, 0.5],
])(
  'with no effect in any of 4 settings, few reports tell one (%d seeds, shared %d)',
  (seeds, shared) => {
    const wrong = simulated({ effects: [0, 0, 0, 0], seeds, shared }, (all) => all.some(told));
    expect(wrong).toBeLessThan(0.06);
    expect(wrong).toBeGreaterThan(0.03); // not by being mute
  },
);

test('real effects beside them do not make false ones more', () => {
  const effects = [0.2, 0, -0.2, 0];
  const report = { effects, seeds: 5, shared: 0.5 };
  const wrong = simulated(report, (all) => all.some((one, i) => effects[i] === 0 && told(one)));
  expect(wrong).toBeLessThan(0.06);
  expect(wrong).toBeGreaterThan(0.03);
});

test('at the margin itself, few reports say equivalent in any setting', () => {
  const effects = [margin, -margin, margin];
  const wrong = simulated({ effects, seeds: 20, shared: 0 }, (all) => all.some(equivalent));
  expect(wrong).toBeLessThan(0.06);
  expect(wrong).toBeGreaterThan(0.03);
});

test('the power that is printed is the power that there is', () => {
  // Differences with a standard deviation of exactly 0.02, as the simulated ones have.
  const sample = [-0.02, 0, 0.02];
  const four = reachOf(sample, 4, { margin }) ?? expect.fail();
  const seeds = four.seedsForDifference ?? expect.fail();
  const alone = (effect: number) => ({ effects: [effect, 0, 0, 0], shared: 0 });
  const shows = (all: Finding[]) => all[0]?.direction === 'gain';
  // Slightly above what is printed, which no other setting has to help with.
  const power = simulated({ ...alone(margin), seeds }, shows);
  expect(power).toBeGreaterThan(0.78);
  expect(power).toBeLessThan(0.84);
  expect(simulated({ ...alone(margin), seeds: seeds - 3 }, shows)).toBeLessThan(0.78);
  const smallest = simulated({ ...alone(four.smallestEffect), seeds: 3 }, shows);
  expect(smallest).toBeGreaterThan(0.78);
  expect(smallest).toBeLessThan(0.84);
  const none = reachOf(sample, 1, { margin })?.seedsForEquivalence ?? expect.fail();
  const found = simulated({ effects: [0], shared: 0, seeds: none }, (all) => all.some(equivalent));
  expect(found).toBeGreaterThan(0.78);
  expect(found).toBeLessThan(0.86); // seeds are whole
});
