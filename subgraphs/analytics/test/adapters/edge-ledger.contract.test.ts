import { testDatabaseKind } from '@medley/testing/database';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Counting, consumedOf, openCounting, recordAll, rowsOf } from '../counting.ts';
import { noon, missedPath as path, sampled, traffic } from '../told-events.ts';

describe(`the ledger of the edge on ${testDatabaseKind}`, () => {
  let counting: Counting;
  beforeAll(async () => {
    counting = await openCounting();
  });
  afterAll(() => counting?.close());
  beforeEach(() => counting.client.$executeRaw`TRUNCATE analytics.edge_series, analytics.edge_misses`);

  const record = (
    events: Parameters<typeof consumedOf<ReturnType<typeof traffic | typeof sampled>>>[0],
    batch?: number,
  ) => recordAll(counting.ledgers.edge, consumedOf(events), { batch });
  const hours = () =>
    counting.client.edgeSeries.findMany({ where: { grain: 60, generation: 1 }, orderBy: { node: 'asc' } });

  it('counts what each node sent and fetched', async () => {
    const later = {
      from: new Date(noon + 10_000).toISOString(),
      until: new Date(noon + 20_000).toISOString(),
    };
    expect(await record([traffic(), traffic(later), traffic({ node: 'edge-2' })])).toEqual([]);
    const counts = {
      requests: 13n,
      refused: 2n,
      failed: 1n,
      bytesSent: 5_000_060n,
      originFetches: 2n,
      originFailures: 1n,
      originBytes: 524_288n,
      malformedLines: 3n,
    };
    const twice = Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, 2n * count]));
    expect(await hours()).toMatchObject([
      { node: 'edge-1', ...twice },
      { node: 'edge-2', ...counts },
    ]);
    expect(await counting.client.edgeMisses.findMany()).toMatchObject([
      { bucket: new Date(noon), path, originFetches: 3n, originBytes: 3n * 524_288n },
    ]);
  });

  it('counts a window once that a node sends again after a crash', async () => {
    const window = traffic();
    await record([window, window]);
    expect(
      await record([{ ...window, time: new Date().toISOString() }, traffic({ node: 'edge-2' })]),
    ).toEqual([]);
    expect((await hours()).map(({ requests }) => requests)).toEqual([13n, 13n]);
    expect(await record([traffic({ originBytes: 1 }, window.id)])).toEqual([
      expect.stringContaining('said something else'),
    ]);
    expect((await hours()).map(({ requests }) => requests)).toEqual([13n, 13n]);
  });

  it('counts nothing of sampled requests, which are in the sums', async () => {
    expect(await record([sampled(), sampled()])).toEqual([]);
    expect(await hours()).toEqual([]);
    expect(await record([sampled(), traffic(), sampled()])).toEqual([]);
    expect((await hours()).map(({ requests }) => requests)).toEqual([13n]);
    const { countedTo } = await counting.client.generationPosition.findFirstOrThrow();
    expect(countedTo).toBeGreaterThanOrEqual(3n);
  });

  it('comes to the same rows when all is told again in other batches', async () => {
    const told = Array.from({ length: 300 }, (_, index) =>
      traffic({
        node: `edge-${index % 4}`,
        from: new Date(noon + index * 10_000).toISOString(),
        originBytes: index * 1_000,
        hottestMisses: [{ path: `${path}${index % 7}`, originFetches: 1, originBytes: index * 1_000 }],
      }),
    );
    await record(told, 37);
    const { id: anew } = await counting.generations.build();
    await recordAll(counting.ledgers.edge, consumedOf(told), { into: anew, batch: 211 });
    for (const table of ['edge_series', 'edge_misses']) {
      const rows = await rowsOf(counting.client, table, 1);
      expect(rows.length).toBeGreaterThan(30);
      expect(await rowsOf(counting.client, table, anew)).toEqual(rows);
    }
    await counting.generations.giveUp(anew);
  });
});
