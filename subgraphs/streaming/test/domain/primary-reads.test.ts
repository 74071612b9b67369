import { expect, it } from 'vitest';
import { FactsUnavailableError } from '../../src/domain/facts.ts';
import { createHeldFacts, type VersionedFact } from '../../src/domain/held-facts.ts';
import { createPrimaryReads, type PrimaryReadsOptions } from '../../src/domain/primary-reads.ts';

/** Readings that end when the test says so. */
function createDesk(options: Partial<PrimaryReadsOptions<VersionedFact>> = {}) {
  const held = createHeldFacts<VersionedFact>({ capacity: 1_000, now: () => 0 });
  const readings: { ids: readonly string[]; end: (version: number) => void; fail: () => void }[] = [];
  const reads = createPrimaryReads<VersionedFact>({
    held,
    read: (ids) =>
      new Promise((resolve, reject) => {
        readings.push({
          ids,
          end: (version) => resolve(ids.map((id) => (id === 'unknown' ? null : { id, version }))),
          fail: () => reject(new FactsUnavailableError('away')),
        });
      }),
    ...options,
  });
  const find = async (...ids: string[]) =>
    (await Promise.all(reads.find(ids, 'r'))).map(({ fact }) => fact && `${fact.id} ${fact.version}`);
  return { held, readings, find };
}
const ids = (count: number, prefix = '') => Array.from({ length: count }, (_, index) => `${prefix}${index}`);
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

it('reads what is asked for together by one reading, in its order', async () => {
  const { find, readings } = createDesk();
  const found = find('a', 'unknown', 'b', 'a');
  expect(readings.map((reading) => reading.ids)).toEqual([['a', 'unknown', 'b']]);
  readings[0]?.end(1);
  expect(await found).toEqual(['a 1', null, 'b 1', 'a 1']);
});

it('reads an id once for all who ask meanwhile, and again for who asks later', async () => {
  const { find, readings } = createDesk();
  const found = [find('a'), find('a', 'b')];
  expect(readings.map((reading) => reading.ids)).toEqual([['a'], ['b']]);
  for (const reading of readings) reading.end(1);
  expect(await Promise.all(found)).toEqual([['a 1'], ['a 1', 'b 1']]);
  void find('a');
  expect(readings).toHaveLength(3);
});

it('reads anew for who asks after a change, while the reading from before is under way', async () => {
  const { find, readings, held } = createDesk();
  held.confirm(0);
  const before = find('a');
  held.forget(['a']);
  const after = find('a');
  const another = find('a');
  expect(readings).toHaveLength(2);
  readings[1]?.end(2);
  expect(await Promise.all([after, another])).toEqual([['a 2'], ['a 2']]);
  readings[0]?.end(1);
  // The newer one was kept already, and is what everybody gets.
  expect(await before).toEqual(['a 2']);
  expect(held.find('a')?.fact?.version).toBe(2);
});

it('has no more readings under way than it may; what waits goes together', async () => {
  const { find, readings } = createDesk({ atOnce: 2, batch: 3 });
  const found = Promise.allSettled(ids(9).map((id) => find(id)));
  expect(readings.map((reading) => reading.ids)).toEqual([['0'], ['1']]);
  readings[0]?.end(1);
  await settle();
  expect(readings.map((reading) => reading.ids)).toEqual([['0'], ['1'], ['2', '3', '4']]);
  readings[1]?.fail();
  readings[2]?.end(1);
  await settle();
  expect(readings.slice(3).map((reading) => reading.ids)).toEqual([['5', '6', '7'], ['8']]);
  for (const reading of readings.slice(3)) reading.end(1);
  const outcomes = await found;
  expect(outcomes.map(({ status }) => status).filter((status) => status === 'rejected')).toHaveLength(1);
  expect(outcomes[1]).toMatchObject({ reason: expect.any(FactsUnavailableError) });
});

it('lets no more wait than it may', async () => {
  const { find, readings } = createDesk({ atOnce: 1, mostWaiting: 10 });
  const found = [find('first'), find(...ids(10))];
  await expect(find('one too many')).rejects.toThrow(FactsUnavailableError);
  readings[0]?.end(1);
  await settle();
  readings[1]?.end(1);
  await Promise.all(found);
  void find('again');
  expect(readings).toHaveLength(3);
});
