import { expect, it } from 'vitest';
import { startClock } from './step-clock.ts';

it('accounts for all time, by what it was spent on', () => {
  const clock = startClock(undefined, 1000);
  clock.enter('training', 1500);
  clock.enter('waiting', 3500);
  clock.enter('training', 3750);
  clock.enter('paused', 4750);
  expect(clock.times).toEqual({ training: 3, waiting: 0.75, paused: 0 });
  expect(clock.elapsed).toBe(3.75);
  expect(clock.lap()).toEqual({ training: 3, waiting: 0.75, paused: 0 });
  clock.enter('waiting', 5000);
  clock.enter('training', 5000);
  clock.enter('paused', 7000);
  expect(clock.lap()).toEqual({ training: 2, waiting: 0, paused: 0.25 });
  expect(clock.times).toEqual({ training: 5, waiting: 0.75, paused: 0.25 });
});

it('does not wait for data that were there before the last step ended', () => {
  const clock = startClock(undefined, 0);
  clock.enter('training', 100);
  clock.enter('waiting', 600);
  clock.enter('training', 250); // ready while the step ran
  clock.enter('waiting', 1100);
  expect(clock.times).toEqual({ training: 1, waiting: 0.1, paused: 0 });
});

it('goes on from the times of an interrupted run, which no lap has', () => {
  const clock = startClock({ training: 10, waiting: 2, paused: 1 }, 0);
  clock.enter('paused', 500);
  expect(clock.lap()).toEqual({ training: 0, waiting: 0.5, paused: 0 });
  expect(clock.times).toEqual({ training: 10, waiting: 2.5, paused: 1 });
  expect(clock.elapsed).toBe(0.5);
});
