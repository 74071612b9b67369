import { randomUUID } from 'node:crypto';
import { type EventLog, publishEvents } from '@medley/event-log';
import { createKafkaEventLog } from '@medley/event-log/kafka';
import { analyticsLive } from '@medley/events';
import { silentLogger } from '@medley/testing';
import { openTestEventLog, withOwnNames } from '@medley/testing/event-log';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Live, startLive } from '../../src/app.ts';
import type { SecondOfPlays } from '../../src/domain/live-counts.ts';
import { toEvent } from '../../src/live/tell-plays.ts';

interface Opened {
  readonly log: EventLog;
  close(): Promise<void>;
}
const logs: [string, () => Promise<Opened>][] = [['in the embedded log', openTestEventLog]];
const { TEST_KAFKA_BROKERS: brokers } = process.env;
if (brokers) logs.push(['in Kafka', openKafka]);
else console.info('Kafka is left out, as TEST_KAFKA_BROKERS is not set.');

async function openKafka(): Promise<Opened> {
  const options = { brokers: brokers?.split(',') ?? [], clientId: 'test', logger: silentLogger };
  const kafka = createKafkaEventLog(options);
  return { log: withOwnNames(kafka, `test-${randomUUID()}.`), close: () => kafka.close() };
}

describe.each(logs)('seconds %s', (_, open) => {
  let opened: Opened;
  const started: Live[] = [];
  const leaving = new AbortController();
  beforeAll(async () => {
    opened = await open();
    await opened.log.admin.ensureTopics([analyticsLive]);
  });
  afterAll(async () => {
    leaving.abort();
    for (const live of started) await live.stop();
    await opened?.close();
  });

  function start(): Live {
    const statistics = { findPlayCounts: async () => new Map() };
    const liveOutbox = { find: async () => [], delete: async () => {} };
    const live = startLive({ log: opened.log, statistics, liveOutbox, logger: silentLogger });
    started.push(live);
    return live;
  }
  const watch = (live: Live, after: number | null = null) =>
    live.plays({ market: null, after, signal: leaving.signal });
  async function read(stream: AsyncGenerator<SecondOfPlays, void>, count: number) {
    const told: SecondOfPlays[] = [];
    while (told.length < count) told.push((await stream.next()).value as SecondOfPlays);
    return told;
  }

  it('are the same for all who read, none left out, none twice, and all plays are in them', async () => {
    const [one, other] = [start(), start()];
    const streams = [watch(one), watch(other)] as const;
    const firsts = await Promise.all(streams.map((stream) => read(stream, 1)));
    let told = 0;
    let isOver = false;
    const telling = (async () => {
      while (!isOver) {
        const batch = { id: randomUUID(), markets: [{ market: 'DE', plays: 1, notCounted: 0 }] };
        await publishEvents(opened.log, analyticsLive, [toEvent({ batches: [batch], tracks: [] })]);
        told += 1;
      }
    })();
    const own = await read(streams[0], 2);
    isOver = true;
    await telling;
    while (own.reduce((sum, { plays }) => sum + plays, 0) < told) own.push(...(await read(streams[0], 1)));
    own.push(...(await read(streams[0], 1)));
    const all = [...(firsts[0] ?? []), ...own];
    const begun = all[0]?.second ?? 0;
    expect(all.map(({ second }) => second)).toEqual(all.map((_, index) => begun + index));
    expect(all.reduce((sum, { plays }) => sum + plays, 0)).toBe(told);

    const others = [...(firsts[1] ?? []), ...(await read(streams[1], own.length))];
    const bySecond = new Map(others.map(({ second, plays }) => [second, plays]));
    const shared = all.filter(({ second }) => bySecond.has(second));
    expect(shared.length).toBeGreaterThan(2);
    for (const { second, plays } of shared) expect(bySecond.get(second)).toBe(plays);

    // One that has just begun knows them too.
    const again = await read(watch(start(), begun), own.length);
    expect(again).toEqual(own);
  }, 60_000);
});
