import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventLog } from '@medley/event-log';
import {
  parseEvent,
  playbackDecisions,
  playbackQuality,
  playEvents,
  type TopicContract,
} from '@medley/events';
import { silentLogger } from '@medley/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { openLog } from '../src/event-log.ts';
import { createSampleListening } from '../src/sample-listening/create-sample-listening.ts';
import { tellSampleListening } from '../src/sample-listening.ts';
import { quietScreen } from './whole/start.ts';

const now = new Date('2026-11-23T15:30:00.000Z');
const sample = createSampleListening(now);
const weekMs = 7 * 86_400_000;
const topics: readonly TopicContract[] = [playbackDecisions, playbackQuality, playEvents];
const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

describe('the sample listening', () => {
  it('is the same for the same moment, and lies in the seven days before it', () => {
    expect(createSampleListening(now)).toEqual(sample);
    const all = [...sample.decisions, ...sample.measurements, ...sample.plays];
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(sample.plays.length).toBeGreaterThan(2_000);
    const times = sample.plays.map(({ data }) => Date.parse(data.reportedAt));
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    expect(times[0]).toBeGreaterThan(now.getTime() - weekMs);
    expect(times.at(-1)).toBeLessThanOrEqual(now.getTime());
  });

  it('has something for every question: markets, tiers, denials, failures, doubts', () => {
    const { decisions, measurements, plays } = sample;
    const germanToday = plays.filter(({ data }) => data.market === 'DE' && data.playedAt >= '2026-11-23');
    expect(germanToday.length).toBeGreaterThan(10);
    expect(new Set(decisions.map(({ data }) => data.outcome)).size).toBeGreaterThan(5);
    expect(new Set(measurements.map(({ data }) => data.outcome))).toEqual(
      new Set(['STARTED', 'FAILED', 'ABANDONED']),
    );
    expect(new Set(plays.map(({ data }) => data.notCountedReason))).toEqual(
      new Set([null, 'TOO_SHORT', 'UNVERIFIED']),
    );
    const grants = plays.map(({ data }) => data.decisionId).filter((grant) => grant !== null);
    expect(new Set(grants).size).toBeLessThan(grants.length);
  });

  it('plays no track so often that its popularity would be measured by it', () => {
    const plays = new Map<string, number>();
    for (const { data } of sample.plays) plays.set(data.trackId, (plays.get(data.trackId) ?? 0) + 1);
    expect(Math.max(...plays.values())).toBeGreaterThan(20);
    expect(Math.max(...plays.values())).toBeLessThan(100);
  });

  it('gives no play that a decision did not grant', () => {
    const { decisions, plays } = sample;
    const granted = new Map(
      decisions.filter(({ data }) => data.outcome === 'GRANTED').map(({ data }) => [data.decisionId, data]),
    );
    for (const { data } of plays) {
      if (data.decisionId === null) continue;
      const { trackId, market, tier, userId } = data;
      expect(granted.get(data.decisionId)).toMatchObject({ trackId, market, tier, userId });
    }
  });
});

describe('telling it', () => {
  it('happens once in the life of a data folder', async () => {
    const { folder, log } = await openFolder();
    await tellSampleListening({ folder, log, screen: quietScreen, now });
    const told = await countOf(log);
    expect(told[playEvents.name]).toBeGreaterThan(2_000);
    await tellSampleListening({ folder, log, screen: quietScreen, now: new Date(now.getTime() + weekMs) });
    expect(await countOf(log)).toEqual(told);
  });

  it('goes on after an interruption with the same events', async () => {
    const { folder, log } = await openFolder();
    let appends = 0;
    const breaking: EventLog = {
      ...log,
      append(topic, records) {
        appends += 1;
        if (appends === 7) throw new Error('the power went');
        return log.append(topic, records);
      },
    };
    const telling = tellSampleListening({ folder, log: breaking, screen: quietScreen, now });
    await expect(telling).rejects.toThrow('the power went');
    await tellSampleListening({ folder, log, screen: quietScreen, now: new Date(now.getTime() + 60_000) });
    const expected = [...sample.decisions, ...sample.measurements, ...sample.plays].map(({ id }) => id);
    expect(await idsOf(log)).toEqual(new Set(expected));
  });

  it('leaves a log alone that was told of plays before', async () => {
    const { folder, log } = await openFolder();
    const [play] = sample.plays;
    if (!play) throw new Error('there are no plays');
    const value = Buffer.from(JSON.stringify(play));
    await log.append(playEvents.name, [{ key: play.key, value }]);
    await tellSampleListening({ folder, log, screen: quietScreen, now });
    expect(await countOf(log)).toMatchObject({ [playEvents.name]: 1, [playbackDecisions.name]: 0 });
  });
});

async function openFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'medley-sample-'));
  closing.push(() => rm(folder, { recursive: true }));
  const log = await openLog(folder, silentLogger);
  closing.push(() => log.close());
  return { folder, log };
}

async function countOf(log: EventLog): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { name } of topics) {
    const offsets = await log.admin.offsets(name);
    counts[name] = offsets.reduce((sum, { low, high }) => sum + Number(high - low), 0);
  }
  return counts;
}

async function idsOf(log: EventLog): Promise<Set<string>> {
  const ids = new Set<string>();
  for (const topic of topics) {
    for (const { partition, low } of await log.admin.offsets(topic.name)) {
      for (const { value } of await log.admin.read(topic.name, partition, low, 10_000)) {
        const parsed = parseEvent(topic, value);
        if (parsed.kind !== 'event') throw new Error(`no event in ${topic.name}`);
        ids.add(parsed.event.id);
      }
    }
  }
  return ids;
}
