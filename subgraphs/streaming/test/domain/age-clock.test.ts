import { expect, it } from 'vitest';
import { createAgeClock } from '../../src/domain/age-clock.ts';

function createClocks() {
  const time = { monotonic: 500, wall: 1_800_000_000_000 };
  const now = createAgeClock(
    () => time.monotonic,
    () => Math.floor(time.wall),
  );
  const start = now();
  return {
    time,
    pass(ms: number) {
      time.monotonic += ms;
      time.wall += ms;
    },
    elapsed: () => Math.round(now() - start),
  };
}

it('goes as time does, however often it is asked', () => {
  const { pass, elapsed } = createClocks();
  for (let step = 0; step < 100_000; step += 1) {
    pass(0.01);
    elapsed();
  }
  expect(elapsed()).toBe(1_000);
});

it('counts the time in which the machine slept', () => {
  const { time, pass, elapsed } = createClocks();
  pass(100);
  time.wall += 3_600_000;
  expect(elapsed()).toBe(3_600_100);
  pass(100);
  expect(elapsed()).toBe(3_600_200);
});

it('never goes back with a wall clock that is set back, and goes on from there', () => {
  const { time, pass, elapsed } = createClocks();
  time.wall -= 3_600_000;
  expect(elapsed()).toBe(0);
  pass(100);
  expect(elapsed()).toBe(100);
  time.wall += 5_000;
  expect(elapsed()).toBe(5_100);
});
