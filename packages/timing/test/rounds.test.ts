import { expect, it } from 'vitest';
import { startRounds } from '../src/rounds.ts';

it('runs rounds until it is stopped, with the pauses that they ask for', async () => {
  let rounds = 0;
  await new Promise<void>((resolve) => {
    const stop = startRounds(async () => {
      rounds += 1;
      if (rounds === 3) resolve(stop());
      return 1;
    });
  });
  expect(rounds).toBe(3);
});

it('ends a pause when it is stopped', async () => {
  const stop = startRounds(async () => 3_600_000);
  await stop();
});

it('tells the round under way that it is stopped, and waits for its end', async () => {
  let hasEnded = false;
  const stop = startRounds(async (stopping) => {
    await new Promise((resolve) => stopping.addEventListener('abort', resolve));
    hasEnded = true;
    return 0;
  });
  await stop();
  expect(hasEnded).toBe(true);
});
