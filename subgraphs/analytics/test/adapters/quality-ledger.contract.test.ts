import { randomUUID } from 'node:crypto';
import { encodeId } from '@medley/ids';
import { testDatabaseKind } from '@medley/testing/database';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { percentilesOf } from '../../src/domain/latency-bins.ts';
import { type Counting, consumedOf, openCounting, recordAll, rowsOf } from '../counting.ts';
import { measured, noon, type PlaybackMeasured } from '../told-events.ts';

const minuteMs = 60_000;
const atMinute = (minute: number) => new Date(noon + minute * minuteMs).toISOString();

describe(`the ledger of playback quality on ${testDatabaseKind}`, () => {
  let counting: Counting;
  beforeAll(async () => {
    counting = await openCounting();
  });
  afterAll(() => counting?.close());
  beforeEach(async () => {
    await counting.client.$executeRaw`TRUNCATE analytics.quality_series, analytics.start_times`;
  });

  const record = (events: readonly PlaybackMeasured[], batch?: number) =>
    recordAll(counting.ledgers.quality, consumedOf(events), { batch });
  const days = () =>
    counting.client.qualitySeries.findMany({
      where: { grain: 1440, generation: 1 },
      orderBy: { market: 'asc' },
    });
  const started = async () => (await days()).reduce((sum, { started }) => sum + Number(started), 0);
  async function percentiles() {
    const rows = await counting.client.startTimes.findMany({ where: { grain: 1440, generation: 1 } });
    return percentilesOf(
      rows.map(({ bin, starts }) => ({ bin, count: Number(starts) })),
      [0.5, 0.95, 0.99],
    );
  }

  it('counts what players measured, by market, tier and quality', async () => {
    const failed = {
      outcome: 'FAILED',
      clickToSoundMs: null,
      msPlayed: 0,
      market: 'BR',
      tier: 'FREE',
    } as const;
    expect(
      await record([
        measured({ stalls: [{ atMs: 1_000, lengthMs: 300 }] }),
        measured({ clickToSoundMs: 900 }),
        measured(failed),
      ]),
    ).toEqual([]);
    expect(await days()).toMatchObject([
      { market: 'BR', tier: 'FREE', started: 0n, failed: 1n, msPlayed: 0n },
      {
        market: 'DE',
        quality: 'HIGH',
        started: 2n,
        stalls: 1n,
        stalledMs: 300n,
        stalledStarts: 1n,
        bytes: 16_000_000n,
      },
    ]);
    const minutes = await counting.client.qualitySeries.findMany({ where: { grain: 1, market: 'DE' } });
    expect(minutes.map(({ bucket }) => bucket)).toEqual([new Date(noon)]);
    const [p50, p95] = (await percentiles()) as number[];
    expect(Math.abs((p50 as number) - 180)).toBeLessThanOrEqual(1.8);
    expect(Math.abs((p95 as number) - 900)).toBeLessThanOrEqual(9);
  });

  it('counts a measurement once, however often it is told', async () => {
    const told = Array.from({ length: 20 }, () => measured());
    await record([...told, ...told]);
    await record(told, 7);
    await record(told.toReversed(), 3);
    expect(await started()).toBe(20);
  });

  it('refuses another measurement with the same id', async () => {
    const [first, good] = [measured(), measured()];
    const other = measured({
      id: first.id,
      contentHash: 'another',
      decisionId: encodeId('decision', randomUUID()),
    });
    expect(await record([first])).toEqual([]);
    expect(await record([other, good])).toEqual([expect.stringContaining('said something else')]);
    expect(await started()).toBe(2);
  });

  it('counts one start of each grant', async () => {
    const { userId, decisionId } = measured().data;
    const told = Array.from({ length: 30 }, (_, minute) =>
      measured({ userId, decisionId, startedAt: atMinute(minute), clickToSoundMs: 100 + minute * 1_000 }),
    );
    await record(told, 4);
    expect(await started()).toBe(1);
    expect((await percentiles())?.[2]).toBeLessThan(102);
  });

  it('counts one start of an account in each minute', async () => {
    const { userId } = measured().data;
    const inAMinute = Array.from({ length: 30 }, (_, second) =>
      measured({ userId, startedAt: new Date(noon + second * 1_000).toISOString() }),
    );
    await record([...inAMinute, measured({ userId, startedAt: atMinute(1) }), measured()], 4);
    expect(await started()).toBe(3);
  });

  it('knows the minutes and grants of an account again around midnight', async () => {
    const { userId } = measured().data;
    const midnight = noon + 720 * minuteMs;
    const around = [-1, 0, 1, -1, 0, 1].map((minute) =>
      measured({
        userId,
        grantedAt: new Date(midnight - 10).toISOString(),
        startedAt: new Date(midnight + minute * minuteMs).toISOString(),
      }),
    );
    await record(around, 1);
    expect((await days()).map(({ started }) => started)).toEqual([1n, 2n]);
  });

  it('is not moved by a flood from one account', async () => {
    const honest = Array.from({ length: 2_000 }, (_, index) =>
      measured({ clickToSoundMs: 50 + (index % 200) }),
    );
    await record(honest);
    const before = await percentiles();
    // With a grant for each, in ten minutes: whoever asks for grants gets them.
    const { userId } = measured().data;
    const flood = Array.from({ length: 3_000 }, (_, index) =>
      measured({ userId, startedAt: new Date(noon + index * 200).toISOString(), clickToSoundMs: 600_000 }),
    );
    await record(flood);
    expect(await started()).toBe(2_010);
    // Ten starts more, in ten minutes: into the next bin at most, which is 2 % further.
    const after = (await percentiles()) as number[];
    before?.forEach((ms, index) => {
      expect(after[index]).toBeLessThan(ms * 1.021);
    });
  });

  it('comes to the same rows, bit for bit, when all is told again in other batches', async () => {
    const users = Array.from({ length: 15 }, () => encodeId('user', randomUUID()));
    const told = Array.from({ length: 600 }, (_, index) =>
      measured({
        userId: users[index % users.length],
        startedAt: new Date(noon + index * 7_919).toISOString(),
        clickToSoundMs: (index * 7_919) % 3_000,
        market: ['DE', 'BR', 'JP'][index % 3],
        outcome: index % 9 ? 'STARTED' : 'ABANDONED',
      }),
    );
    await record(told, 37);
    const { id: anew } = await counting.generations.build();
    await recordAll(counting.ledgers.quality, consumedOf(told), { into: anew, batch: 211 });
    await recordAll(counting.ledgers.quality, consumedOf(told), { into: anew, batch: 5 });
    for (const table of ['quality_series', 'start_times']) {
      const rows = await rowsOf(counting.client, table, 1);
      expect(rows.length).toBeGreaterThan(100);
      expect(await rowsOf(counting.client, table, anew)).toEqual(rows);
    }
    await counting.generations.giveUp(anew);
  });

  it('comes to the same rows, bit for bit, when it is counted anew while counting goes on', async () => {
    // So many of few accounts in few minutes that most are not the first: which ones are goes by their order.
    const users = Array.from({ length: 5 }, () => encodeId('user', randomUUID()));
    const grants = Array.from({ length: 60 }, () => encodeId('decision', randomUUID()));
    const any = <Item>(items: readonly Item[]) => items[Math.floor(Math.random() * items.length)] as Item;
    const told = consumedOf(
      Array.from({ length: 600 }, () =>
        measured({
          userId: any(users),
          decisionId: any(grants),
          startedAt: atMinute(Math.floor(Math.random() * 40)),
          clickToSoundMs: Math.floor(Math.random() * 3_000),
        }),
      ),
      { partition: 77 },
    );
    let anew: number | null = null;
    const counted = { live: 0, anew: 0 };
    const record = async (place: keyof typeof counted, into: 'all' | number) => {
      const to = counted[place] + 1 + Math.floor(Math.random() * 60);
      await recordAll(counting.ledgers.quality, told.slice(counted[place], to), { into });
      counted[place] = Math.min(to, told.length);
    };
    while (counted.live < told.length || anew === null || counted.anew < told.length) {
      if (anew === null && counted.live > 200) anew = (await counting.generations.build()).id;
      if (anew !== null && counted.anew < told.length && Math.random() < 0.6) await record('anew', anew);
      else if (counted.live < told.length) await record('live', 'all');
    }
    for (const table of ['quality_series', 'start_times']) {
      const rows = await rowsOf(counting.client, table, 1);
      expect(rows.length).toBeGreaterThan(10);
      expect(await rowsOf(counting.client, table, anew)).toEqual(rows);
    }
    await counting.generations.giveUp(anew);
  });

  it('adds up what is told of several partitions at once', async () => {
    const partitions = Array.from({ length: 6 }, (_, partition) =>
      consumedOf(
        Array.from({ length: 100 }, (_, index) => measured({ clickToSoundMs: index * 10 })),
        { partition },
      ),
    );
    const turns = partitions.map((told, index) =>
      recordAll(counting.ledgers.quality, index % 2 ? told : told.toReversed(), { batch: 20 }),
    );
    expect((await Promise.all(turns)).flat()).toEqual([]);
    expect(await started()).toBe(600);
  });
});
