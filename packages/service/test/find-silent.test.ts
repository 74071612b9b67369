import { expect, it } from 'vitest';
import { findSilent } from '../src/index.ts';

it('names the parts that do not answer, and asks all of them at once', async () => {
  let asked = 0;
  const away = async () => {
    asked += 1;
    await Promise.resolve();
    if (asked === 3) throw new Error('connection refused at 10.0.0.7');
  };
  const silent = await findSilent({
    'the database': away,
    'the cache': async () => 'PONG',
    'the event log': away,
    it: away,
  });
  expect(silent).toEqual([
    'the database does not answer',
    'the event log does not answer',
    'it does not answer',
  ]);
  expect(await findSilent({})).toEqual([]);
});
