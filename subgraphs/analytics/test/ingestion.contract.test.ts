import { setTimeout as pause } from 'node:timers/promises';
import { type Consumed, publishEvents, replay } from '@medley/event-log';
import { allTopics, edgeAccess, playbackDecisions, playbackQuality } from '@medley/events';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { testDatabaseKind } from '@medley/testing/database';
import { openTestEventLog, type TestEventLog } from '@medley/testing/event-log';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Ledger } from '../src/domain/ledger.ts';
import { type Ingestion, type IngestionOptions, startIngestion } from '../src/ingestion.ts';
import { type Counting, openCounting } from './counting.ts';
import { decided, measured, sampled, traffic } from './told-events.ts';

const followed = [
  [playbackQuality, 'analytics.quality'],
  [playbackDecisions, 'analytics.decisions'],
  [edgeAccess, 'analytics.edge'],
] as const;

describe(`what the topics tell of quality, decisions and the edge, counted on ${testDatabaseKind}`, () => {
  let counting: Counting;
  let world: TestEventLog;
  let ingestion: Ingestion | undefined;
  const crashes: Error[] = [];

  beforeEach(async () => {
    counting = await openCounting();
    world = await openTestEventLog();
    await world.log.admin.ensureTopics(allTopics);
  });
  afterEach(async () => {
    await ingestion?.stop();
    ingestion = undefined;
    await world?.close();
    await counting?.close();
    expect(crashes.splice(0)).toEqual([]);
  });

  function start(options: Partial<IngestionOptions> = {}) {
    ingestion = startIngestion({
      ...counting,
      log: world.log,
      logger: silentLogger,
      metrics: createMetrics(),
      onCrash: (error) => crashes.push(error),
      ...options,
    });
  }
  async function untilAllCounted() {
    for (const [topic, group] of followed) {
      const lag = async () =>
        (await world.log.admin.positions(group, [topic.name])).reduce((sum, { lag }) => sum + lag, 0n);
      await expect.poll(lag, { timeout: 50_000, interval: 50 }).toBe(0n);
    }
  }
  const counts = async () => {
    const { client } = counting;
    const ofTheDay = { where: { grain: 1440, generation: 1 } };
    const [quality, decisions, edge] = await Promise.all([
      client.qualitySeries.aggregate({ ...ofTheDay, _sum: { started: true } }),
      client.decisionSeries.aggregate({ ...ofTheDay, _sum: { decisions: true } }),
      client.edgeSeries.aggregate({ ...ofTheDay, _sum: { requests: true } }),
    ]);
    return [quality._sum.started, decisions._sum.decisions, edge._sum.requests].map(Number);
  };
  async function tell() {
    const times = <Told>(count: number, make: () => Told) => Array.from({ length: count }, make);
    await publishEvents(world.log, playbackQuality, times(40, measured));
    await publishEvents(
      world.log,
      playbackDecisions,
      times(30, () => decided()),
    );
    await publishEvents(world.log, edgeAccess, [...times(5, sampled), ...times(10, () => traffic())]);
  }

  it('is what was told', async () => {
    start();
    await tell();
    await untilAllCounted();
    expect(await counts()).toEqual([40, 30, 130]);
  });

  it('is told once, also when handlers fail before and after their commit and groups begin anew', async () => {
    let [calls, failures] = [0, 0];
    const failing = <Told extends Consumed>(ledger: Ledger<Told>): Ledger<Told> => ({
      async record(events, options) {
        calls += 1;
        const lost = Object.assign(new Error('the connection broke'), { code: 'ECONNRESET' });
        if (calls % 4 === 1) failures += 1;
        if (calls % 8 === 1) throw lost;
        await ledger.record(events, options);
        // Whether it was committed is not known then.
        if (calls % 4 === 1) throw lost;
      },
    });
    const { plays, quality, decisions, edge } = counting.ledgers;
    const ledgers = { plays, quality: failing(quality), decisions: failing(decisions), edge: failing(edge) };
    start({ ledgers });
    await tell();
    await untilAllCounted();
    await ingestion?.stop();
    expect(await counts()).toEqual([40, 30, 130]);
    expect(failures).toBeGreaterThan(2);

    for (const [topic, group] of followed)
      await replay(world.log, { topic: topic.name, group, from: 'beginning' });
    start();
    await untilAllCounted();
    expect(await counts()).toEqual([40, 30, 130]);
  });

  it('is the rest, when some of it is no event or an impossible one', async () => {
    start();
    const [good, negative, foreign] = [measured(), measured(), measured()];
    const texts = [
      '{',
      JSON.stringify({ ...negative, data: { ...negative.data, clickToSoundMs: -1 } }),
      JSON.stringify({ ...foreign, type: 'SomethingElse' }),
    ];
    await publishEvents(world.log, playbackQuality, [good]);
    await world.log.append(
      playbackQuality.name,
      texts.map((text) => ({ key: good.key, value: Buffer.from(text) })),
    );
    await publishEvents(world.log, playbackQuality, [measured()]);
    await untilAllCounted();
    expect((await counts())[0]).toBe(2);
    const [letters] = await world.log.admin.offsets(`${playbackQuality.name}.dlq`);
    expect(letters?.high).toBe(3n);
  });

  it('waits for a database that cannot be prepared yet', async () => {
    let attempts = 0;
    start({
      generations: {
        async prepare() {
          attempts += 1;
          if (attempts < 3) throw new Error('the database is away');
        },
        dropRetired: async () => {},
      },
    });
    await tell();
    await untilAllCounted();
    expect(await counts()).toEqual([40, 30, 130]);
    expect(attempts).toBeGreaterThanOrEqual(3);
  });

  it('is told as a crash when it cannot begin, and stops what had begun', async () => {
    const metrics = createMetrics();
    const gauge = (name: string, ...rest: [string]) => {
      if (name.includes('upkeep')) throw new Error('no such gauge');
      return metrics.gauge(name, ...rest);
    };
    start({ metrics: { ...metrics, gauge } });
    await expect
      .poll(() => crashes.splice(0).map(String), { timeout: 20_000 })
      .toEqual(['Error: no such gauge']);
    await ingestion?.stop();
    await tell();
    await pause(200);
    expect(await counts()).toEqual([0, 0, 0]);
  });
});
