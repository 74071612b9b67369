import { testDatabaseKind } from '@medley/testing/database';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Counting, consumedOf, openCounting } from '../counting.ts';
import { played, type TrackPlayed } from '../told-plays.ts';

describe(`the outbox of what is counted on ${testDatabaseKind}`, () => {
  let counting: Counting;
  let offset = 0;
  beforeAll(async () => {
    counting = await openCounting();
  });
  beforeEach(() => counting.client.$executeRaw`DELETE FROM analytics.live_outbox`);
  afterAll(() => counting?.close());

  function record(into: 'all' | number, ...events: readonly TrackPlayed[]) {
    offset += 10;
    return counting.ledgers.plays.record(consumedOf(events, { from: offset }), { into, refuse: () => {} });
  }
  const passSeconds = (seconds: number) =>
    counting.client.$executeRaw`
      UPDATE analytics.live_outbox SET counted_at = counted_at - make_interval(secs => ${seconds})`;
  const keep = async () => (await record('all', played({ market: 'DE' })))?.id ?? '';

  it('has what was added to what is shown, once whoever counted it had time to tell it', async () => {
    const [play, short] = [played({ market: 'DE' }), played({ notCountedReason: 'TOO_SHORT' })];
    const counted = await record('all', play, short);
    // Nothing new, and so nothing to tell.
    await record('all', play);
    expect(await counting.liveOutbox.find(10)).toEqual([]);
    await passSeconds(6);
    const { id, markets } = counted ?? {};
    expect(await counting.liveOutbox.find(10)).toEqual([{ id, markets, isTooOld: false }]);
  });

  it('has nothing of what was not committed, nor of numbers that nobody is shown yet', async () => {
    const building = await counting.generations.build();
    await record(building.id, played());
    await counting.client
      .$executeRaw`ALTER TABLE analytics.live_outbox ADD CONSTRAINT nothing_fits CHECK (false) NOT VALID`;
    const play = played();
    await expect(record('all', play)).rejects.toThrow();
    await counting.client.$executeRaw`ALTER TABLE analytics.live_outbox DROP CONSTRAINT nothing_fits`;
    await passSeconds(6);
    expect(await counting.liveOutbox.find(10)).toEqual([]);
    expect(await record('all', play)).toBeDefined();
  });

  it('gives the oldest first, not more than are asked for, and says which are too old', async () => {
    const first = await keep();
    await passSeconds(300);
    const second = await keep();
    await passSeconds(5);
    await keep();
    await passSeconds(5);
    const found = await counting.liveOutbox.find(2);
    expect(found.map(({ id, isTooOld }) => [id, isTooOld])).toEqual([
      [first, true],
      [second, false],
    ]);
  });

  it('lets go of what is told, also when several do it at a time', async () => {
    const ids = [await keep(), await keep(), await keep()];
    await passSeconds(6);
    const told = ids.slice(0, 2);
    await Promise.all([counting.liveOutbox.delete(told), counting.liveOutbox.delete([...told].reverse())]);
    expect((await counting.liveOutbox.find(10)).map(({ id }) => id)).toEqual(ids.slice(2));
    await counting.liveOutbox.delete([]);
  });
});
