import { randomUUID } from 'node:crypto';
import { decodeId, encodeId } from '@medley/ids';
import { testDatabaseKind } from '@medley/testing/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAccountDay } from '../../src/domain/account-day.ts';
import { countListeners } from '../../src/domain/listener-sketch.ts';
import { type Counting, consumedOf, openCounting, recordAll, rowsOf } from '../counting.ts';
import { noon } from '../told-events.ts';
import { listening, played, type TrackPlayed } from '../told-plays.ts';

describe(`the ledger of plays on ${testDatabaseKind}`, () => {
  let counting: Counting;
  let offset = 0;
  beforeAll(async () => {
    counting = await openCounting();
  });
  afterAll(() => counting?.close());

  function record(...events: readonly TrackPlayed[]): Promise<string[]> {
    offset += events.length;
    return recordAll(counting.ledgers.plays, consumedOf(events, { from: offset }));
  }
  const marketOfItsOwn = (() => {
    let next = 0;
    return () =>
      `${String.fromCharCode(65 + Math.floor(next / 26))}${String.fromCharCode(65 + (next++ % 26))}`;
  })();
  /** The sums of a day, as they are shown of a market. */
  const ofMarket = async (market: string) => {
    const { _sum } = await counting.client.playSeries.aggregate({
      where: { market, grain: 1440, generation: 1 },
      _sum: {
        plays: true,
        tooShort: true,
        unverified: true,
        grantExpired: true,
        doubtful: true,
        skipped: true,
        msPlayed: true,
      },
    });
    return Object.fromEntries(
      Object.entries(_sum).flatMap(([name, sum]) => (sum ? [[name, Number(sum)]] : [])),
    );
  };

  it('counts a play once, however often it is told', async () => {
    const market = marketOfItsOwn();
    const play = played({ market, skipped: true });
    const { contentHash, ...data } = play.data;
    const again = { ...play, data: { ...data, contentHash, reportedAt: new Date().toISOString() } };
    expect(await record(play, again)).toEqual([]);
    expect(await record(again)).toEqual([]);
    expect(await ofMarket(market)).toEqual({ plays: 1, skipped: 1, msPlayed: 180_000 });
  });

  it('says what was added to what is shown, and nothing of what was there before', async () => {
    const [market, trackId] = [marketOfItsOwn(), encodeId('track', randomUUID())];
    const [play, short] = [played({ market, trackId }), played({ market, notCountedReason: 'TOO_SHORT' })];
    const recordTold = (...events: readonly TrackPlayed[]) => {
      offset += 10;
      return counting.ledgers.plays.record(consumedOf(events, { from: offset }), {
        into: 'all',
        refuse: () => {},
      });
    };
    expect(await recordTold(play, short, play)).toEqual({
      id: expect.any(String),
      markets: [{ market, plays: 1, notCounted: 1 }],
      tracks: [{ id: decodeId(trackId, 'track'), plays: 1 }],
    });
    expect(await recordTold(short, play)).toBeUndefined();
    const doubtful = played({ market, trackId, userId: play.data.userId, decisionId: play.data.decisionId });
    expect(await recordTold(play, doubtful)).toEqual({
      id: expect.any(String),
      markets: [{ market, plays: 0, notCounted: 1 }],
      tracks: [],
    });
  });

  it('counts a play once when a changing clock tells it on both sides of midnight', async () => {
    const market = marketOfItsOwn();
    const midnight = new Date().setUTCHours(0, 0, 0, 0) - 86_400_000;
    const play = played({
      market,
      at: midnight + 2_000,
      grantedAt: new Date(midnight - 1_000).toISOString(),
    });
    const earlier = new Date(midnight - 500_000).toISOString();
    await record(play, { ...play, time: earlier, data: { ...play.data, playedAt: earlier } });
    expect(await ofMarket(market)).toEqual({ plays: 1, msPlayed: 180_000 });
  });

  it('refuses what says something else under the id of another play of the account', async () => {
    const market = marketOfItsOwn();
    const play = played({ market });
    const reasons = await record(play, { ...play, data: { ...play.data, contentHash: 'another' } });
    expect(reasons).toEqual([expect.stringContaining('said something else')]);
    expect(await ofMarket(market)).toEqual({ plays: 1, msPlayed: 180_000 });
  });

  it('counts plays of two accounts under one id: clients make ids up', async () => {
    const market = marketOfItsOwn();
    const id = randomUUID();
    expect(await record(played({ market, id }), played({ market, id }))).toEqual([]);
    expect(await ofMarket(market)).toEqual({ plays: 2, msPlayed: 360_000 });
  });

  it('refuses what cannot be counted, and counts the rest', async () => {
    const market = marketOfItsOwn();
    const reasons = await record(
      played({ market, userId: 'user_1' }),
      played({ market, trackId: encodeId('album', randomUUID()) }),
      played({ market: '*' }),
      played({ market: 'Germany' }),
      played({ market, decisionId: 'mine' }),
      played({ market, msPlayed: 86_400_001 }),
      played({ market, at: Date.now() - 60 * 86_400_000 }),
      played({ market, at: Date.now() + 9 * 86_400_000 }),
      played({ market }),
    );
    expect(reasons).toHaveLength(8);
    expect(await ofMarket(market)).toEqual({ plays: 1, msPlayed: 180_000 });
  });

  it('shows plays that are not believed, with what speaks against them', async () => {
    const market = marketOfItsOwn();
    const userId = encodeId('user', randomUUID());
    const first = played({ market, userId });
    const second = played({ market, userId, deviceId: 'kitchen', msPlayed: 90_000 });
    // Also when they come in another batch.
    await record(first);
    await record(second, played({ market }));
    expect(await ofMarket(market)).toEqual({ plays: 2, doubtful: 1, msPlayed: 360_000 });
    const [doubtful] = await counting.client.doubtfulPlay.findMany({ where: { market } });
    expect(doubtful).toEqual({
      generation: 1,
      playId: second.id,
      doubt: 'TWO_DEVICES',
      playedAt: new Date(second.data.playedAt),
      msPlayed: 90_000n,
      userId: decodeId(userId, 'user'),
      trackId: decodeId(second.data.trackId, 'track'),
      market,
      tier: 'PREMIUM',
      deviceId: 'kitchen',
      otherPlayId: first.id,
    });
  });

  it('keeps of an account what counts, to judge others by', async () => {
    const userId = encodeId('user', randomUUID());
    const plays = [0, 1, 2].map((hour) =>
      played({
        userId,
        at: Date.now() - (30 + hour) * 3_600_000,
        ...(hour === 1 && { notCountedReason: 'TOO_SHORT' }),
      }),
    );
    await record(...plays);
    const days = await counting.client.accountDay.findMany({ where: { userId: decodeId(userId, 'user') } });
    const kept = days.reduce((sum, { plays: packed }) => sum + packed.length / 48, 0);
    expect(kept).toBe(2);
    const found = days.map(({ day, plays: packed }) =>
      readAccountDay(day.getTime(), packed).findByGrant(
        decodeId(plays[0]?.data.decisionId as string, 'decision'),
      ),
    );
    expect(found).toContain(plays[0]?.id);
  });

  it('adds listeners to sketches: sparse ones, dense ones, and those who were there', async () => {
    const market = marketOfItsOwn();
    const accounts = Array.from({ length: 3_000 }, () => encodeId('user', randomUUID()));
    const sketchOf = async () => {
      const [row] = await counting.client.listenerSketch.findMany({ where: { scope: market } });
      return { bytes: row?.sketch.length, estimate: countListeners([row?.sketch as Uint8Array]) };
    };
    await record(played({ market, userId: accounts[0] }));
    expect(await sketchOf()).toEqual({ bytes: 4, estimate: 1 });
    await record(...accounts.map((userId) => played({ market, userId, at: noon - 600_000 })));
    const all = await rowsOf(counting.client, 'listener_sketches');
    const days = await counting.client.listenerSketch.findMany({ where: { scope: market } });
    expect(Math.abs(countListeners(days.map(({ sketch }) => sketch)) / 3_000 - 1)).toBeLessThan(0.05);
    expect(Math.max(...days.map(({ sketch }) => sketch.length))).toBe(3_073);
    // Whoever was there changes nothing.
    const later = accounts.slice(0, 200).map((userId) =>
      played({
        market,
        userId,
        at: noon + 600_000,
        trackId: encodeId('track', '00000000-0000-4000-8000-000000000001'),
      }),
    );
    await record(...later);
    const changed = (await rowsOf(counting.client, 'listener_sketches')).filter((row) => !all.includes(row));
    expect(changed.every((row) => row.includes('00000000-0000-4000-8000-000000000001'))).toBe(true);
  });

  it('says the same of the same plays, in whatever batches they come', async () => {
    const [one, other] = [await openCounting(), await openCounting()];
    try {
      const told = consumedOf(listening(1_500, 7));
      await recordAll(one.ledgers.plays, told, { batch: 500 });
      await recordAll(other.ledgers.plays, told, { batch: 37 });
      await recordAll(other.ledgers.plays, told, { batch: 113 });
      for (const table of [
        'play_series',
        'track_plays',
        'track_totals',
        'listener_sketches',
        'account_days',
        'doubtful_plays',
      ])
        expect(await rowsOf(other.client, table), table).toEqual(await rowsOf(one.client, table));
    } finally {
      await one.close();
      await other.close();
    }
  });

  it('counts nothing of a batch that fails', async () => {
    const market = marketOfItsOwn();
    const { client } = counting;
    await client.$executeRawUnsafe(
      `ALTER TABLE analytics.doubtful_plays ADD CONSTRAINT broken CHECK (market <> '${market}') NOT VALID`,
    );
    const userId = encodeId('user', randomUUID());
    const plays = [played({ market, userId }), played({ market, userId })];
    await expect(record(...plays)).rejects.toThrow();
    expect(await ofMarket(market)).toEqual({});
    await client.$executeRaw`ALTER TABLE analytics.doubtful_plays DROP CONSTRAINT broken`;
    expect(await record(...plays)).toEqual([]);
    expect(await ofMarket(market)).toEqual({ plays: 1, doubtful: 1, msPlayed: 180_000 });
  });
});
