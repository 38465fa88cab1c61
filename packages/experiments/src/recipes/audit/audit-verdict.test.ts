import { expect, test } from 'vitest';
import { auditVerdict, type ArmDifference } from './audit-verdict.ts';

/** Three seeds about a mean, in points of a hundred. */
const about = (points: number, spread = 0.1): ArmDifference => {
  const values = [-spread, 0, spread].map((by) => (points + by) / 100);
  return { values, learned: values };
};
const harm = about(-8);
const margin = 0.02;

test.each([
  ['no difference, harm seen', about(0), about(0), harm, 'keep'],
  ['filtering does harm', about(-5), about(-5), harm, 'keep'],
  ['a gain, but below the margin', about(1), about(1), harm, 'keep'],
  ['a gain over both', about(5), about(4), harm, 'filter'],
  ['a gain that a random drop has too', about(5), about(0), harm, 'cannot tell'],
  ['neither', about(1, 4), about(1, 4), harm, 'cannot tell'],
  ['no harm by the control', about(0), about(0), about(0), 'cannot tell'],
  ['no harm by the control, though filtering gains', about(5), about(4), about(0), 'cannot tell'],
  ['a control that helps', about(0), about(0), about(8), 'cannot tell'],
  ['a control whose harm is unclear', about(0), about(0), about(-1, 4), 'cannot tell'],
] as const)('%s', (_, filter, random, control, answer) => {
  const verdict = auditVerdict({ filter, random, control }, margin);
  expect(verdict.answer).toBe(answer);
  expect('seeds' in verdict).toBe(answer === 'cannot tell');
});

test('one seed, seeds that agree to the last digit, runs that did not learn', () => {
  const one = { values: [0], learned: [0] };
  expect(auditVerdict({ filter: one, random: one, control: one }, margin)).toMatchObject({
    answer: 'cannot tell',
    why: 'One seed has no test.',
  });
  const same = { values: [0, 0, 0], learned: [0, 0, 0] };
  const unlike = { filter: same, random: same, control: harm };
  expect(auditVerdict(unlike, margin).answer).toBe('cannot tell');
  const stuck = { ...about(0), learned: [0] };
  expect(auditVerdict({ filter: stuck, random: stuck, control: harm }, margin).why).toContain(
    'In 2 of 3 seeds runs did not learn',
  );
  const two = { ...about(0), learned: [0.03, -0.03] };
  expect(auditVerdict({ filter: two, random: two, control: harm }, margin).why).toContain(
    'depends on 1 seeds',
  );
});

test('the seeds that it would take are those of the test that failed', () => {
  const unclear = about(1, 4);
  const few = auditVerdict({ filter: unclear, random: unclear, control: harm }, margin);
  expect(few.seeds).toBeGreaterThan(3);
  const blind = auditVerdict({ filter: about(0), random: about(0), control: unclear }, margin);
  expect(blind.seeds).toBeGreaterThan(3);
});
