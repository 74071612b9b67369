import { expect, it } from 'vitest';
import { createTurns } from '../src/turns.ts';

it('does one piece of work after the other, also when one fails', async () => {
  const inTurn = createTurns();
  const told: string[] = [];
  const work = (name: string, fails = false) =>
    inTurn(async () => {
      told.push(`${name} begins`);
      await Promise.resolve();
      told.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  expect(await Promise.allSettled([work('one', true), work('two')])).toMatchObject([
    { status: 'rejected' },
    { status: 'fulfilled', value: 'two' },
  ]);
  expect(told).toEqual(['one begins', 'one ends', 'two begins', 'two ends']);
});
