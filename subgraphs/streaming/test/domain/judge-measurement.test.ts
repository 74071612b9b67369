import { parseEvent, playbackQuality } from '@medley/events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOfferedMeasurementLog } from '../../src/adapters/offered-measurement-log.ts';
import { judgeMeasurement } from '../../src/domain/judge-measurement.ts';
import { startFailures, startOutcomes } from '../../src/domain/playback-measurement.ts';
import type { MeasurementCircumstances, ReportedMeasurement } from '../../src/domain/reported-measurement.ts';
import { now, trackId, viewerId } from '../cases.ts';
import { aMeasurement } from '../reported-measurements.ts';
import { aGrant, minutesAgo } from '../reported-plays.ts';

const dayMs = 86_400_000;
const circumstances = (told: Partial<MeasurementCircumstances> = {}): MeasurementCircumstances => ({
  grant: aGrant(),
  viewerId,
  deviceId: 'kitchen-1',
  player: 'web/1.4.0',
  receivedAt: now,
  clockOffsetMs: 0,
  ...told,
});
const judge = (
  measurement: Partial<ReportedMeasurement> = {},
  told: Partial<MeasurementCircumstances> = {},
) => judgeMeasurement(aMeasurement(measurement), circumstances(told));
const ms = (count: number) => new Date(now.getTime() + count);
/** Nothing was heard. */
const silent = { clickToSoundMs: null, msPlayed: 0, stalls: [] };

describe('a measurement that is taken', () => {
  it('has the facts of its grant, and what the client told', () => {
    expect(judge().accepted).toEqual({
      id: '0190a5b2-7c1e-7d3a-9f00-3b2a1c0d9e8f',
      userId: viewerId,
      trackId: trackId('1'),
      decisionId: 'decision_1',
      market: 'DE',
      tier: 'PREMIUM',
      quality: 'HIGH',
      grantedAt: minutesAgo(5),
      startedAt: minutesAgo(4),
      reportedAt: now,
      outcome: 'STARTED',
      failure: null,
      httpStatus: null,
      clickToSoundMs: 180,
      msPlayed: 212_000,
      stalls: [{ atMs: 61_000, lengthMs: 420 }],
      bytes: 8_400_000,
      edgeHits: 15,
      edgeMisses: 2,
      deviceId: 'kitchen-1',
      player: 'web/1.4.0',
    });
  });

  it('has its times put right, and its fractions cut off', () => {
    const { accepted } = judge(
      {
        startedAt: ms(-dayMs),
        clickToSoundMs: 99.9,
        msPlayed: 31_000.7,
        stalls: [{ atMs: 0.9, lengthMs: 1.5 }],
        bytes: 0.5,
      },
      { clockOffsetMs: dayMs - 60_000 },
    );
    expect(accepted).toMatchObject({
      startedAt: ms(-60_000),
      clickToSoundMs: 99,
      msPlayed: 31_000,
      stalls: [{ atMs: 0, lengthMs: 1 }],
      bytes: 0,
    });
  });

  it('that began a little in the future by its clock began when it was reported', () => {
    expect(judge({ startedAt: ms(299_000) }).accepted?.startedAt).toEqual(now);
  });

  it('has a reason when it failed, also where the player knows none', () => {
    const failed = { outcome: 'FAILED', ...silent } as const;
    expect(judge(failed).accepted).toMatchObject({ outcome: 'FAILED', failure: 'OTHER' });
    expect(judge({ ...failed, failure: 'HTTP', httpStatus: 410 }).accepted).toMatchObject({
      failure: 'HTTP',
      httpStatus: 410,
    });
  });

  it.each<[string, Partial<ReportedMeasurement>, Partial<MeasurementCircumstances>]>([
    ['a start of no time', { clickToSoundMs: 0 }, {}],
    [
      'a start of ten minutes',
      { clickToSoundMs: 600_000, startedAt: ms(-900_000) },
      { grant: aGrant({ decidedAt: ms(-900_000) }) },
    ],
    ['a start that nobody measured', { clickToSoundMs: null }, {}],
    ['a click before the grant, as clicks are', { startedAt: minutesAgo(5.1) }, {}],
    ['5 minutes before its grant', { startedAt: minutesAgo(10) }, {}],
    ['30 days ago', { startedAt: ms(-30 * dayMs) }, { grant: aGrant({ decidedAt: ms(-30 * dayMs) }) }],
    ['a day after its grant', {}, { grant: aGrant({ decidedAt: ms(-240_000 - dayMs) }) }],
    ['a hundred stalls', { stalls: Array.from({ length: 100 }, () => ({ atMs: 212_000, lengthMs: 0 })) }, {}],
    [
      '5 minutes longer than since it began',
      { clickToSoundMs: 0, msPlayed: 539_000, stalls: [{ atMs: 1, lengthMs: 1_000 }] },
      {},
    ],
    [
      'the most of all',
      { bytes: 10_000_000_000, edgeHits: 100_000, edgeMisses: 100_000, httpStatus: 599 },
      {},
    ],
  ])('may be at the edge of what may be: %s', (_, measurement, told) => {
    expect(judge(measurement, told).rejected).toBeNull();
  });
});

describe('a measurement that is rejected', () => {
  it.each<[string, string, Partial<ReportedMeasurement>, Partial<MeasurementCircumstances>, string]>([
    ['no UUID', 'INVALID', { id: 'start-1' }, {}, 'id: expected a UUID, got "start-1"'],
    [
      'no valid token',
      'INVALID',
      { playbackToken: 'v1.forged' },
      { grant: null },
      'playbackToken: expected one of ours, got "v1.forged"',
    ],
    [
      'a negative start',
      'INVALID',
      { clickToSoundMs: -1 },
      {},
      'clickToSoundMs: expected 0 to 600000, got -1',
    ],
    [
      'a start of a day',
      'INVALID',
      { clickToSoundMs: dayMs },
      {},
      'clickToSoundMs: expected 0 to 600000, got 86400000',
    ],
    ['a little more than ten minutes', 'INVALID', { clickToSoundMs: 600_000.5 }, {}, 'got 600000.5'],
    [
      'a start of something that failed',
      'INVALID',
      { outcome: 'FAILED' },
      {},
      'clickToSoundMs: expected none, as it is FAILED, got 180',
    ],
    [
      'a start of something that was left',
      'INVALID',
      { outcome: 'ABANDONED' },
      {},
      'clickToSoundMs: expected none, as it is ABANDONED',
    ],
    [
      'a failure of what started',
      'INVALID',
      { failure: 'NETWORK' },
      {},
      'failure: expected none, as it is STARTED, got NETWORK',
    ],
    ['no status', 'INVALID', { httpStatus: 0 }, {}, 'httpStatus: expected 100 to 599, got 0'],
    ['a status beyond all', 'INVALID', { httpStatus: 600 }, {}, 'httpStatus: expected 100 to 599, got 600'],
    ['less than no bytes', 'INVALID', { bytes: -1 }, {}, 'bytes: expected 0 to 10000000000, got -1'],
    ['more bytes than there are', 'INVALID', { bytes: 1e300 }, {}, 'bytes: expected 0 to 10000000000'],
    ['less than no hits', 'INVALID', { edgeHits: -1 }, {}, 'edgeHits: expected 0 to 100000, got -1'],
    [
      'too many misses',
      'INVALID',
      { edgeMisses: 100_001 },
      {},
      'edgeMisses: expected 0 to 100000, got 100001',
    ],
    [
      '101 stalls',
      'INVALID',
      { stalls: Array.from({ length: 101 }, () => ({ atMs: 1, lengthMs: 1 })) },
      {},
      'stalls: expected 100 at most, got 101',
    ],
    [
      'stalls without sound',
      'INVALID',
      { outcome: 'FAILED', ...silent, stalls: [{ atMs: 0, lengthMs: 1 }] },
      {},
      'stalls: expected none, as it is FAILED, got 1',
    ],
    [
      'a stall before the play',
      'INVALID',
      {
        stalls: [
          { atMs: 0, lengthMs: 1 },
          { atMs: -1, lengthMs: 1 },
        ],
      },
      {},
      'stalls.1.atMs: expected 0 to 212000, as so long was heard, got -1',
    ],
    [
      'a stall after the play',
      'INVALID',
      { stalls: [{ atMs: 212_001, lengthMs: 1 }] },
      {},
      'stalls.0.atMs: expected 0 to 212000',
    ],
    [
      'a stall of less than no time',
      'INVALID',
      { stalls: [{ atMs: 1, lengthMs: -1 }] },
      {},
      'stalls.0.lengthMs: expected 0 to 3600000, got -1',
    ],
    [
      'a stall of more than an hour',
      'INVALID',
      { stalls: [{ atMs: 1, lengthMs: 3_600_001 }] },
      {},
      'stalls.0.lengthMs: expected 0 to 3600000',
    ],
    [
      "another account's token",
      'OTHER_VIEWER',
      {},
      { viewerId: `user_${'w'.padStart(26, '0')}` },
      "playbackToken: expected one of the account that reports, got another account's",
    ],
    [
      'a start in the future',
      'FROM_THE_FUTURE',
      { startedAt: ms(300_001) },
      {},
      'startedAt: expected 2026-11-23T08:05:00.000Z at the latest',
    ],
    [
      'a start before its grant',
      'BEFORE_GRANT',
      { startedAt: minutesAgo(10.001) },
      {},
      'startedAt: expected 2026-11-23T07:50:00.000Z or later, as it was granted at',
    ],
    [
      'a start of long ago',
      'TOO_LATE',
      { startedAt: ms(-30 * dayMs - 1) },
      {},
      'startedAt: expected 2026-10-24T08:00:00.000Z or later, 30 days back',
    ],
    [
      'a start more than a day after its grant',
      'TOO_LATE',
      {},
      { grant: aGrant({ decidedAt: ms(-240_001 - dayMs) }) },
      'a day after it was granted',
    ],
    [
      'less than no sound',
      'IMPOSSIBLE_DURATION',
      { msPlayed: -1 },
      {},
      'msPlayed: expected 0 to 86400000, got -1',
    ],
    ['sound of more than a day', 'IMPOSSIBLE_DURATION', { msPlayed: dayMs + 1 }, {}, 'got 86400001'],
    [
      'sound of what failed',
      'IMPOSSIBLE_DURATION',
      { outcome: 'FAILED', ...silent, msPlayed: 1 },
      {},
      'msPlayed: expected 0, as it is FAILED, got 1',
    ],
    [
      'longer than since it began',
      'IMPOSSIBLE_DURATION',
      { clickToSoundMs: 0, msPlayed: 540_001, stalls: [] },
      {},
      'clickToSoundMs, msPlayed and stalls together: expected 0 to 540000, as it began 240000 ms ago, got 540001',
    ],
    [
      'stalls that take longer than since it began',
      'IMPOSSIBLE_DURATION',
      {
        clickToSoundMs: 1,
        msPlayed: 2,
        stalls: [
          { atMs: 1, lengthMs: 270_000 },
          { atMs: 1, lengthMs: 270_000 },
        ],
      },
      {},
      'got 540003',
    ],
  ])('for %s is %s', (_, code, measurement, told, message) => {
    const { accepted, rejected } = judge(measurement, told);
    expect(accepted).toBeNull();
    expect(rejected).toEqual({ code, message: expect.stringContaining(message) });
  });
});

describe('whatever is measured', () => {
  const anyNumber = fc.oneof(
    { weight: 8, arbitrary: fc.double({ min: 0, max: 200_000, noNaN: true }) },
    fc.integer({ min: -10, max: 2 * dayMs }),
    fc.double(),
  );
  const anyTime = fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: -900_000, max: 400_000 }).map(ms) },
    fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
  );
  const mostly = <Value>(value: Value, other: fc.Arbitrary<Value>) =>
    fc.oneof({ weight: 5, arbitrary: fc.constant(value) }, other);
  const anyMeasurement: fc.Arbitrary<ReportedMeasurement> = fc.record({
    id: fc.oneof({ weight: 5, arbitrary: fc.uuid() }, fc.string()),
    playbackToken: fc.constant('a token'),
    startedAt: anyTime,
    outcome: mostly('STARTED', fc.constantFrom(...startOutcomes)),
    failure: mostly(null, fc.constantFrom(...startFailures)),
    httpStatus: mostly(null, fc.integer({ min: 0, max: 700 })),
    clickToSoundMs: fc.option(anyNumber),
    msPlayed: anyNumber,
    stalls: mostly([], fc.array(fc.record({ atMs: anyNumber, lengthMs: anyNumber }), { maxLength: 3 })),
    bytes: anyNumber,
    edgeHits: mostly(3, fc.integer({ min: -1, max: 2 ** 31 - 1 })),
    edgeMisses: mostly(0, fc.integer({ min: -1, max: 2 ** 31 - 1 })),
  });

  it('is rejected with a reason, or keeps what the contract of the topic promises', () => {
    let taken = 0;
    fc.assert(
      fc.property(anyMeasurement, anyTime, (measurement, decidedAt) => {
        const { accepted, rejected } = judge(measurement, { grant: aGrant({ decidedAt }) });
        if (rejected) {
          expect(rejected.message).toMatch(/^[\w., ]+: expected .+, got .*/su);
          return;
        }
        taken += 1;
        createOfferedMeasurementLog({
          events: {
            offer: (event) =>
              expect(parseEvent(playbackQuality, Buffer.from(JSON.stringify(event)))).toEqual({
                kind: 'event',
                event: JSON.parse(JSON.stringify(event)),
              }),
          },
        }).offer(accepted, 'h');
        const { startedAt, grantedAt, clickToSoundMs, msPlayed, stalls } = accepted;
        const silentMs = stalls.reduce((sum, { lengthMs }) => sum + lengthMs, 0);
        const ageMs = now.getTime() - startedAt.getTime();
        expect(ageMs).toBeGreaterThanOrEqual(0);
        expect(startedAt.getTime() - grantedAt.getTime()).toBeLessThanOrEqual(dayMs);
        // Whoever claims by the time of the grant still knows this one.
        expect(now.getTime() - grantedAt.getTime()).toBeLessThanOrEqual(31 * dayMs);
        expect((clickToSoundMs ?? 0) + msPlayed + silentMs).toBeLessThanOrEqual(ageMs + 300_000);
      }),
      { numRuns: 5_000 },
    );
    expect(taken).toBeGreaterThan(50);
  });
});
