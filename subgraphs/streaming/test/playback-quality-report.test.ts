import { randomUUID } from 'node:crypto';
import { createOfferedEvents, type LogRecord, LogUnavailableError } from '@medley/event-log';
import { parseEvent, playbackQuality } from '@medley/events';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createMeasurementMeter } from '../src/adapters/measurement-meter.ts';
import { createOfferedMeasurementLog } from '../src/adapters/offered-measurement-log.ts';
import type { PlaybackTokenFacts } from '../src/domain/playback-ports.ts';
import { now, trackId, viewerId } from './cases.ts';
import { aGrant, minutesAgo } from './reported-plays.ts';
import { asViewer, openStreaming, playbackTokens } from './streaming-under-test.ts';

const mutation = `mutation ($input: PlaybackQualityReportInput!) {
  playbackQualityReport(input: $input) {
    results { id accepted code message }
    userErrors { field code message }
  }
}`;
interface Result {
  id: string;
  accepted: boolean;
  code: string | null;
  message: string | null;
}
type Answer = { playbackQualityReport: { results: Result[]; userErrors: object[] } | null };

const tokenOf = (facts: Partial<PlaybackTokenFacts> = {}) => playbackTokens.sign(aGrant(facts));

/** A start of four minutes ago that went well, unless told otherwise. */
const aStart = (start: Record<string, unknown> = {}) => ({
  id: randomUUID(),
  playbackToken: tokenOf(),
  startedAt: minutesAgo(4).toISOString(),
  outcome: 'STARTED',
  clickToSoundMs: 141.5,
  msPlayed: 212_000,
  ...start,
});

/** The subgraph over a log in memory that can go away. */
async function openReports({ capacity = 1_000 } = {}) {
  const appended: LogRecord[] = [];
  const log = { isThere: true };
  const metrics = createMetrics();
  const events = createOfferedEvents({
    log: {
      async append(topic, records) {
        expect(topic).toBe('streaming.playback-quality.v1');
        if (!log.isThere) throw new LogUnavailableError('away');
        appended.push(...records);
        return [];
      },
    },
    topic: playbackQuality,
    capacity,
    lingerMs: 0,
    drainMs: 50,
    logger: silentLogger,
    metrics,
  });
  onTestFinished(() => events.stop());
  const { ask } = await openStreaming({
    measurements: {
      log: createOfferedMeasurementLog({ events }),
      observe: createMeasurementMeter(metrics),
    },
  });
  async function report(measurements: unknown, input: Record<string, unknown> = {}, as = asViewer()) {
    const { data, errors } = await ask<Answer>(mutation, { input: { measurements, ...input } }, as);
    return { ...data?.playbackQualityReport, errors };
  }
  /** What the log has once `count` are there. */
  async function told(count: number) {
    await expect.poll(() => appended.length).toBe(count);
    return appended.map(({ key, value }) => {
      const parsed = parseEvent(playbackQuality, value);
      if (parsed.kind !== 'event') throw new Error(JSON.stringify(parsed));
      expect(key).toBe(parsed.event.key);
      return parsed.event;
    });
  }
  return { report, told, appended, log, metrics };
}

const codes = ({ results }: { results?: Result[] }) =>
  results?.map(({ accepted, code }) => (accepted ? 'accepted' : code));

describe('playbackQualityReport', () => {
  it('tells a measurement with the facts of its grant', async () => {
    const { report, told } = await openReports();
    const start = aStart({
      stalls: [{ atMs: 61_000.5, lengthMs: 420.5 }],
      bytes: 8_400_000,
      edgeHits: 15,
      edgeMisses: 2,
    });
    const answer = await report([start], { deviceId: 'kitchen-1', player: 'web/1.4.0' });
    expect(answer).toEqual({
      results: [{ id: start.id, accepted: true, code: null, message: null }],
      userErrors: [],
      errors: undefined,
    });
    expect(await told(1)).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        type: 'PlaybackMeasured',
        version: 1,
        source: 'streaming',
        time: minutesAgo(4).toISOString(),
        key: viewerId,
        data: {
          userId: viewerId,
          trackId: trackId('1'),
          decisionId: 'decision_1',
          market: 'DE',
          tier: 'PREMIUM',
          quality: 'HIGH',
          grantedAt: minutesAgo(5).toISOString(),
          startedAt: minutesAgo(4).toISOString(),
          reportedAt: now.toISOString(),
          contentHash: expect.stringMatching(/^[\w-]{22}$/),
          outcome: 'STARTED',
          failure: null,
          httpStatus: null,
          clickToSoundMs: 141,
          msPlayed: 212_000,
          stalls: [{ atMs: 61_000, lengthMs: 420 }],
          bytes: 8_400_000,
          edgeHits: 15,
          edgeMisses: 2,
          deviceId: 'kitchen-1',
          player: 'web/1.4.0',
        },
      },
    ]);
  });

  it('takes a hundred, in their order', async () => {
    const { report, told } = await openReports();
    const starts = Array.from({ length: 100 }, (_, index) => aStart({ msPlayed: index }));
    expect(new Set(codes(await report(starts)))).toEqual(new Set(['accepted']));
    expect((await told(100)).map(({ data }) => data.msPlayed)).toEqual(
      starts.map(({ msPlayed }) => msPlayed),
    );
  });

  it('refuses what is absurd by item, and takes what is beside it', async () => {
    const { report, told } = await openReports();
    const bad: [Record<string, unknown>, string][] = [
      [{ id: 'start 1' }, 'INVALID'],
      [{ playbackToken: '' }, 'INVALID'],
      [{ playbackToken: tokenOf().replace(/[^.]+$/, 'A'.repeat(43)) }, 'INVALID'],
      [{ playbackToken: tokenOf({ viewerId: `user_${'w'.padStart(26, '0')}` }) }, 'OTHER_VIEWER'],
      [{ clickToSoundMs: -1 }, 'INVALID'],
      [{ clickToSoundMs: 86_400_000 }, 'INVALID'],
      [{ outcome: 'ABANDONED' }, 'INVALID'],
      [{ msPlayed: -1 }, 'IMPOSSIBLE_DURATION'],
      [{ msPlayed: 1e300 }, 'IMPOSSIBLE_DURATION'],
      [{ stalls: [{ atMs: 0, lengthMs: 86_400_000 }] }, 'INVALID'],
      [{ bytes: 1e16 }, 'INVALID'],
      [{ edgeHits: 2_147_483_647 }, 'INVALID'],
      [{ startedAt: '9999-12-31T23:59:59Z' }, 'FROM_THE_FUTURE'],
      [{ startedAt: '0001-01-01T00:00:00Z' }, 'TOO_LATE'],
      [{ startedAt: minutesAgo(11).toISOString() }, 'BEFORE_GRANT'],
    ];
    const answer = await report(bad.flatMap(([start]) => [aStart(start), aStart()]));
    expect(codes(answer)).toEqual(bad.flatMap(([, code]) => [code, 'accepted']));
    for (const { accepted, message } of answer.results ?? [])
      expect(message).toEqual(accepted ? null : expect.stringMatching(/: expected .+, got /));
    expect(await told(bad.length)).toHaveLength(bad.length);
  });

  it('tells the same event however often it is told the same, also by a clock that is put right', async () => {
    const { report, told } = await openReports();
    const start = aStart();
    await report([start, start, { ...start, id: start.id.toUpperCase() }]);
    await report([start], { sentAt: minutesAgo(-3).toISOString(), deviceId: 'kitchen-1' });
    const [first, second] = await told(2);
    expect(first?.data.startedAt).not.toBe(second?.data.startedAt);
    expect([second?.id, second?.data.contentHash]).toEqual([first?.id, first?.data.contentHash]);
  });

  it('tells another event of something else under the same id, and refuses it within one report', async () => {
    const { report, told } = await openReports();
    const start = aStart();
    expect(codes(await report([start, { ...start, msPlayed: 1 }]))).toEqual(['accepted', 'ID_REUSED']);
    expect(codes(await report([{ ...start, msPlayed: 1 }]))).toEqual(['accepted']);
    const [first, second] = await told(2);
    expect(second?.id).not.toBe(first?.id);
  });

  it('lets one that was refused give its id to none, so that the right one comes in', async () => {
    const { report } = await openReports();
    const start = aStart();
    expect(codes(await report([{ ...start, msPlayed: -1 }, start]))).toEqual([
      'IMPOSSIBLE_DURATION',
      'accepted',
    ]);
  });

  it('waits for nobody while the log is away, and counts what is lost', async () => {
    const { report, told, log, metrics } = await openReports({ capacity: 2 });
    log.isThere = false;
    const answer = await report([aStart(), aStart(), aStart()]);
    expect(codes(answer)).toEqual(['accepted', 'accepted', 'accepted']);
    expect(await metrics.registry.metrics()).toContain(
      'medley_offered_events_total{topic="streaming.playback-quality.v1",outcome="full"} 1',
    );
    log.isThere = true;
    await told(2);
  });

  it.each([
    ['measurements', [], {}, 'A report has 1 to 100 measurements, got 0.'],
    [
      'measurements',
      Array.from({ length: 101 }, () => aStart()),
      {},
      'A report has 1 to 100 measurements, got 101.',
    ],
    [
      'deviceId',
      [aStart()],
      { deviceId: 'the kitchen' },
      '1 to 64 characters of A-Z a-z 0-9 . _ - are needed.',
    ],
    ['player', [aStart()], { player: 'x'.repeat(65) }, 'At most 64 characters, got 65.'],
    ['player', [aStart()], { player: 'web\n' }, 'It has characters that are none.'],
  ])('refuses a report as a whole for its %s', async (field, measurements, input, message) => {
    const { report, appended } = await openReports();
    const { results, userErrors } = await report(measurements, input);
    expect(results).toEqual([]);
    expect(userErrors).toMatchObject([{ field: ['input', field], message }]);
    expect(appended).toEqual([]);
  });

  it.each([
    ['a stranger', { kind: 'anonymous' }],
    ['a service', { kind: 'service', id: 'catalog' }],
  ])('takes no measurements of %s', async (_, actor) => {
    const { report, appended } = await openReports();
    const { results, errors } = await report([aStart()], {}, { actor: actor as never });
    expect(results).toBeUndefined();
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(appended).toEqual([]);
  });

  it('counts what became of measurements', async () => {
    const { report, metrics } = await openReports();
    await report([aStart(), aStart(), aStart({ id: 'x' })]);
    const text = await metrics.registry.metrics();
    expect(text).toContain('medley_playback_reported_measurements_total{outcome="accepted"} 2');
    expect(text).toContain('medley_playback_reported_measurements_total{outcome="INVALID"} 1');
  });
});
