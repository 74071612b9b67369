import { createEvent, parseEvent, playEvents, trackPlayed } from '@medley/events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockOffset, judgeReport } from '../../src/domain/judge-report.ts';
import { playEndReasons, playStartReasons } from '../../src/domain/play-event.ts';
import { playbackContextKinds } from '../../src/domain/playback-context.ts';
import type { ReportCircumstances, ReportedPlay } from '../../src/domain/reported-play.ts';
import { now, trackId, viewerId } from '../cases.ts';
import { aGrant, aReportedPlay, minutesAgo } from '../reported-plays.ts';

const dayMs = 86_400_000;
const circumstances = (told: Partial<ReportCircumstances> = {}): ReportCircumstances => ({
  grant: aGrant(),
  viewerId,
  deviceId: 'kitchen-1',
  receivedAt: now,
  clockOffsetMs: 0,
  ...told,
});
const judge = (play: Partial<ReportedPlay> = {}, told: Partial<ReportCircumstances> = {}) =>
  judgeReport(aReportedPlay(play), circumstances(told));
const ms = (count: number) => new Date(now.getTime() + count);

describe('a play that is taken', () => {
  it('has the facts of its grant, and what the client told', () => {
    expect(judge().accepted).toEqual({
      id: '0190a5b2-7c1e-7d3a-9f00-3b2a1c0d9e8f',
      userId: viewerId,
      trackId: trackId('1'),
      playedAt: minutesAgo(4),
      reportedAt: now,
      msPlayed: 212_000,
      counted: true,
      notCountedReason: null,
      context: { kind: 'ALBUM', id: 'album_1' },
      grant: {
        decisionId: 'decision_1',
        market: 'DE',
        tier: 'PREMIUM',
        quality: 'HIGH',
        grantedAt: minutesAgo(5),
      },
      startReason: 'CLICK',
      endReason: 'TRACK_DONE',
      skipped: false,
      offline: false,
      deviceId: 'kitchen-1',
      clickToSoundMs: 180,
      stalls: 1,
      stalledMs: 420,
    });
  });

  it.each([
    [30_000, true, true, null],
    [29_999, true, false, 'TOO_SHORT'],
    [29_999.9, true, false, 'TOO_SHORT'],
    [0, true, false, 'TOO_SHORT'],
    [30_000, false, false, 'UNVERIFIED'],
    [29_999, false, false, 'UNVERIFIED'],
  ])('of %d ms, with a grant: %s, counts: %s, because %s', (msPlayed, granted, counted, notCountedReason) => {
    const { accepted } = judge({ msPlayed, trackId: trackId('1') }, granted ? {} : { grant: null });
    expect(accepted).toMatchObject({ counted, notCountedReason });
  });

  it('counts for a day after its grant, and no longer', () => {
    const of = (beganAfterMs: number) =>
      judge({ playedAt: ms(-300_000) }, { grant: aGrant({ decidedAt: ms(-300_000 - beganAfterMs) }) })
        .accepted;
    expect(of(dayMs)).toMatchObject({ counted: true, notCountedReason: null });
    expect(of(dayMs + 1)).toMatchObject({ counted: false, notCountedReason: 'GRANT_EXPIRED' });
  });

  it('tells when it was granted, whatever the clock of the client shows', () => {
    const grant = aGrant();
    for (const clockOffsetMs of [0, -120_000])
      expect(judge({}, { grant, clockOffsetMs }).accepted?.grant?.grantedAt).toEqual(grant.decidedAt);
  });

  it.each(playEndReasons)(
    'that ended by %s was skipped when somebody went on before the end',
    (endReason) => {
      expect(judge({ endReason }).accepted?.skipped).toBe(['FORWARD', 'BACK', 'STOPPED'].includes(endReason));
    },
  );

  it('without a valid token knows neither market nor tier, and takes the word of the client for the track', () => {
    const { accepted } = judge({ trackId: trackId('7') }, { grant: null });
    expect(accepted).toMatchObject({ trackId: trackId('7'), grant: null, notCountedReason: 'UNVERIFIED' });
  });

  it('has its times put right, and its fractions cut off', () => {
    const { accepted } = judge(
      { playedAt: ms(-dayMs), msPlayed: 31_000.7, clickToSoundMs: 99.9, stalledMs: 0.5 },
      { clockOffsetMs: dayMs - 60_000 },
    );
    expect(accepted).toMatchObject({
      playedAt: ms(-60_000),
      msPlayed: 31_000,
      clickToSoundMs: 99,
      stalledMs: 0,
    });
  });

  it('that began a little in the future by its clock began when it was reported', () => {
    expect(judge({ playedAt: ms(299_000) }).accepted?.playedAt).toEqual(now);
  });

  it('has an id in lower case', () => {
    const id = '0190A5B2-7C1E-7D3A-9F00-3B2A1C0D9E8F';
    expect(judge({ id }).accepted?.id).toBe(id.toLowerCase());
  });
});

describe('a play that is rejected', () => {
  it.each<[string, string, Partial<ReportedPlay>, Partial<ReportCircumstances>, string]>([
    ['no UUID', 'INVALID', { id: 'play-1' }, {}, 'id: expected a UUID, got "play-1"'],
    ['an empty id', 'INVALID', { id: '' }, {}, 'id: expected a UUID, got ""'],
    ['a UUID in braces', 'INVALID', { id: `{${aReportedPlay().id}}` }, {}, 'id: expected a UUID'],
    ['the nil UUID', 'INVALID', { id: '00000000-0000-0000-0000-000000000000' }, {}, 'id: expected a UUID'],
    ['no variant', 'INVALID', { id: '0190a5b2-7c1e-7d3a-1f00-3b2a1c0d9e8f' }, {}, 'id: expected a UUID'],
    ['a long id', 'INVALID', { id: 'x'.repeat(10_000) }, {}, `got "${'x'.repeat(57)}..."`],
    [
      'a long context',
      'INVALID',
      { context: { kind: 'MIX', id: 'x'.repeat(65) } },
      {},
      'context.id: At most 64',
    ],
    ['a negative count', 'INVALID', { stalls: -1 }, {}, 'stalls: expected 0 or more, got -1'],
    ['a negative stall', 'INVALID', { stalledMs: -0.5 }, {}, 'stalledMs: expected 0 to 86400000, got -0.5'],
    [
      'a negative start',
      'INVALID',
      { clickToSoundMs: -1 },
      {},
      'clickToSoundMs: expected 0 to 86400000, got -1',
    ],
    ['an endless start', 'INVALID', { clickToSoundMs: 1e300 }, {}, 'clickToSoundMs: expected 0 to 86400000'],
    [
      'no track',
      'INVALID',
      { playbackToken: null, trackId: null },
      { grant: null },
      'trackId: expected the id of a track, without a playbackToken, got none',
    ],
    [
      'a forged token and no track',
      'INVALID',
      { trackId: null },
      { grant: null },
      'trackId: expected the id of a track, as the playbackToken is not valid, got none',
    ],
    [
      'the id of an album',
      'INVALID',
      { trackId: `album_${'0'.repeat(26)}` },
      { grant: null },
      'trackId: expected the id of a track',
    ],
    [
      'an id beyond all UUIDs',
      'INVALID',
      { trackId: `track_8${'0'.repeat(25)}` },
      { grant: null },
      'trackId: expected the id of a track',
    ],
    [
      "another account's token",
      'OTHER_VIEWER',
      {},
      { viewerId: `user_${'w'.padStart(26, '0')}` },
      "playbackToken: expected one of the account that reports, got another account's",
    ],
    [
      'another track than granted',
      'OTHER_TRACK',
      { trackId: trackId('2') },
      {},
      `trackId: expected ${trackId('1')}, as in the playbackToken, got "${trackId('2')}"`,
    ],
    [
      'a beginning in the future',
      'FROM_THE_FUTURE',
      { playedAt: ms(300_001) },
      {},
      'playedAt: expected 2026-11-23T08:05:00.000Z at the latest, as it is 2026-11-23T08:00:00.000Z here, got 2026-11-23T08:05:00.001Z',
    ],
    [
      'a beginning in the future of its own clock',
      'FROM_THE_FUTURE',
      { playedAt: ms(-dayMs + 300_001) },
      { clockOffsetMs: dayMs },
      'got 2026-11-22T08:05:00.001Z, which is 2026-11-23T08:05:00.001Z by our clock',
    ],
    [
      'a beginning of long ago',
      'TOO_LATE',
      { playedAt: ms(-30 * dayMs - 1), trackId: trackId('1') },
      { grant: null },
      'playedAt: expected 2026-10-24T08:00:00.000Z or later, 30 days back, got 2026-10-24T07:59:59.999Z',
    ],
    [
      'a beginning before its grant',
      'BEFORE_GRANT',
      { playedAt: minutesAgo(10.001) },
      {},
      'playedAt: expected 2026-11-23T07:50:00.000Z or later, as it was granted at 2026-11-23T07:55:00.000Z',
    ],
    [
      'less than no sound',
      'IMPOSSIBLE_DURATION',
      { msPlayed: -1 },
      {},
      'msPlayed: expected 0 to 86400000, got -1',
    ],
    ['less than a millisecond less', 'IMPOSSIBLE_DURATION', { msPlayed: -0.001 }, {}, 'got -0.001'],
    ['more than a day', 'IMPOSSIBLE_DURATION', { msPlayed: dayMs + 1 }, {}, 'got 86400001'],
    ['more than all time', 'IMPOSSIBLE_DURATION', { msPlayed: Number.MAX_VALUE }, {}, 'got 1.79'],
    [
      'longer than since it began',
      'IMPOSSIBLE_DURATION',
      { msPlayed: 540_001 },
      {},
      'msPlayed: expected 0 to 540000, as it began 240000 ms ago, got 540001',
    ],
  ])('for %s is %s', (_, code, play, told, message) => {
    const { accepted, rejected } = judge(play, told);
    expect(accepted).toBeNull();
    expect(rejected).toEqual({ code, message: expect.stringContaining(message) });
  });

  it.each<[string, Partial<ReportedPlay>, Partial<ReportCircumstances>]>([
    ['5 minutes in the future', { playedAt: ms(300_000) }, {}],
    ['30 days ago', { playedAt: ms(-30 * dayMs) }, { grant: null }],
    ['5 minutes before its grant', { playedAt: minutesAgo(10) }, {}],
    ['5 minutes longer than since it began', { msPlayed: 540_000 }, {}],
    ['a whole day', { msPlayed: dayMs, playedAt: ms(-dayMs) }, { grant: null }],
    ['the track of the token, named again', { trackId: trackId('1') }, {}],
    ['a context without an id', { context: { kind: 'SEARCH', id: null } }, {}],
    ['no context and no measurements', { context: null, clickToSoundMs: null }, {}],
  ])('is not one at the edge of what may be: %s', (_, play, told) => {
    expect(judge({ trackId: trackId('1'), ...play }, told).rejected).toBeNull();
  });

  it('is told what is wrong with its form before what is wrong with its owner, and that before its times', () => {
    const wrong = { msPlayed: 600_000, playedAt: ms(300_001), trackId: trackId('2'), id: 'x' };
    const stranger = { viewerId: `user_${'w'.padStart(26, '0')}` };
    const codes = [
      judge(wrong, stranger),
      judge({ ...wrong, id: aReportedPlay().id }, stranger),
      judge({ ...wrong, id: aReportedPlay().id }),
      judge({ ...wrong, id: aReportedPlay().id, trackId: null }),
    ].map(({ rejected }) => rejected?.code);
    expect(codes).toEqual(['INVALID', 'OTHER_VIEWER', 'OTHER_TRACK', 'FROM_THE_FUTURE']);
  });
});

describe('a clock', () => {
  it.each([
    ['that is not told is taken as it is', null, 0],
    ['that is right but for the way of the report', ms(-60_000), 0],
    ['that is a minute ahead', ms(60_000), 0],
    ['that is late', ms(-60_001), 60_001],
    ['that is ahead', ms(dayMs), -dayMs],
    ['that begins with 1970', new Date(0), now.getTime()],
  ])('%s', (_, sentAt, offset) => {
    expect(clockOffset(sentAt, now)).toBe(offset);
  });

  it('that runs wrong by however much tells the same plays as a right one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e12, max: 1e12 }).filter((skew) => Math.abs(skew) > 60_000),
        fc.integer({ min: 0, max: 35 * dayMs }),
        fc.integer({ min: 0, max: dayMs }),
        (skew, ageMs, msPlayed) => {
          const right = judge({ playedAt: ms(-ageMs), msPlayed });
          const wrong = judge(
            { playedAt: ms(-ageMs + skew), msPlayed },
            { clockOffsetMs: clockOffset(ms(skew), now) },
          );
          expect(wrong.accepted).toEqual(right.accepted);
          expect(wrong.rejected?.code).toBe(right.rejected?.code);
        },
      ),
    );
  });
});

describe('whatever is reported', () => {
  const anyNumber = fc.oneof(
    { weight: 8, arbitrary: fc.double({ min: 0, max: 400_000, noNaN: true }) },
    fc.integer({ min: -10, max: 2 * dayMs }),
    fc.double({ noNaN: true }),
  );
  const anyTime = fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: -900_000, max: 400_000 }).map(ms) },
    { weight: 3, arbitrary: fc.integer({ min: -40 * dayMs, max: dayMs }).map(ms) },
    fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
  );
  const anyPlay: fc.Arbitrary<ReportedPlay> = fc.record({
    id: fc.oneof({ weight: 4, arbitrary: fc.uuid() }, fc.string(), fc.constant('NaN')),
    playbackToken: fc.constantFrom(null, 'a token'),
    trackId: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(null, trackId('1')) },
      fc.constantFrom(trackId('2'), 'track_0'),
    ),
    playedAt: anyTime,
    msPlayed: anyNumber,
    context: fc.option(
      fc.record({
        kind: fc.constantFrom(...playbackContextKinds),
        id: fc.option(fc.string({ unit: 'grapheme' })),
      }),
    ),
    startReason: fc.constantFrom(...playStartReasons),
    endReason: fc.constantFrom(...playEndReasons),
    offline: fc.boolean(),
    clickToSoundMs: fc.option(anyNumber),
    stalls: fc.integer({ min: -1, max: 2 ** 31 - 1 }),
    stalledMs: anyNumber,
  });
  const anyCircumstances: fc.Arbitrary<Partial<ReportCircumstances>> = fc.record({
    grant: fc.option(anyTime.map((decidedAt) => aGrant({ decidedAt }))),
    viewerId: fc.constantFrom(viewerId, `user_${'w'.padStart(26, '0')}`),
    clockOffsetMs: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: -1e13, max: 1e13 })),
    deviceId: fc.option(fc.constant('kitchen-1')),
  });

  it('is rejected with a reason, or keeps what the contract of the topic promises', () => {
    let taken = 0;
    fc.assert(
      fc.property(anyPlay, anyCircumstances, (play, told) => {
        const { accepted, rejected } = judge(play, told);
        if (rejected) {
          expect(rejected.message).toMatch(/^\w+(\.id)?: .+/su);
          return;
        }
        taken += 1;
        const { id, grant, context, ...data } = accepted;
        const event = createEvent(trackPlayed, {
          source: 'streaming',
          id,
          key: accepted.userId,
          time: accepted.playedAt,
          data: {
            ...data,
            context: context && { ...context },
            decisionId: grant?.decisionId ?? null,
            market: grant?.market ?? null,
            tier: grant?.tier ?? null,
            quality: grant?.quality ?? null,
            grantedAt: grant?.grantedAt.toISOString() ?? null,
            playedAt: accepted.playedAt.toISOString(),
            reportedAt: accepted.reportedAt.toISOString(),
            contentHash: 'h',
          },
        });
        const parsed = parseEvent(playEvents, Buffer.from(JSON.stringify(event)));
        expect(parsed).toEqual({ kind: 'event', event: JSON.parse(JSON.stringify(event)) });
        const ageMs = now.getTime() - accepted.playedAt.getTime();
        expect(ageMs).toBeGreaterThanOrEqual(0);
        expect(ageMs).toBeLessThanOrEqual(30 * dayMs);
        expect(accepted.msPlayed).toBeLessThanOrEqual(Math.min(dayMs, ageMs + 300_000));
        const afterGrantMs = grant ? accepted.playedAt.getTime() - grant.grantedAt.getTime() : 0;
        expect(accepted.counted).toBe(accepted.msPlayed >= 30_000 && grant !== null && afterGrantMs <= dayMs);
        if (grant) expect(accepted).toMatchObject({ userId: aGrant().viewerId, trackId: aGrant().trackId });
      }),
      { numRuns: 3_000 },
    );
    expect(taken).toBeGreaterThan(50);
  });
});
