import { randomUUID } from 'node:crypto';
import { createMemoryCache } from '@medley/cache';
import type { LogRecord } from '@medley/event-log';
import { SpoolFullError } from '@medley/event-log/spool';
import { decodePlayPosition, encodePlayPosition, parseEvent, playEvents } from '@medley/events';
import { createMetrics } from '@medley/service';
import { parseSigningKeys } from '@medley/signing-keys';
import { silentLogger } from '@medley/testing';
import { describe, expect, it } from 'vitest';
import { createCachedRecentReports } from '../src/adapters/cached-recent-reports.ts';
import { createPlaybackTokens } from '../src/adapters/playback-tokens.ts';
import { createReportMeter } from '../src/adapters/report-meter.ts';
import { createSpooledPlayLog } from '../src/adapters/spooled-play-log.ts';
import type { PlaybackTokenFacts } from '../src/domain/playback-ports.ts';
import { now, trackId, viewerId } from './cases.ts';
import { aGrant, minutesAgo } from './reported-plays.ts';
import { asViewer, openStreaming, playbackTokens } from './streaming-under-test.ts';

const mutation = `mutation ($input: PlaybackReportInput!) {
  playbackReport(input: $input) {
    results { id status counted notCountedReason code message retryAfterMs }
    recommendationsToken
    userErrors { field code message }
  }
}`;
interface Result {
  id: string;
  status: string;
  counted: boolean | null;
  notCountedReason: string | null;
  code: string | null;
  message: string | null;
  retryAfterMs: number | null;
}
type Answer = {
  playbackReport: { results: Result[]; recommendationsToken: string | null; userErrors: object[] } | null;
};

const tokenOf = (facts: Partial<PlaybackTokenFacts> = {}) => playbackTokens.sign(aGrant(facts));

/** A play of four minutes ago that counts, unless told otherwise. */
const anEvent = (event: Record<string, unknown> = {}) => ({
  id: randomUUID(),
  playbackToken: tokenOf(),
  playedAt: minutesAgo(4).toISOString(),
  msPlayed: 212_000,
  context: { kind: 'ALBUM', id: 'album_1' },
  startReason: 'CLICK',
  endReason: 'TRACK_DONE',
  ...event,
});

/** The subgraph over a log in memory that can go away. */
async function openReports() {
  const appended: (readonly LogRecord[])[] = [];
  const log = { state: 'there' as 'there' | 'away' | 'away, and the spool is full' };
  const metrics = createMetrics();
  const spool = {
    async append(topic: string, records: readonly LogRecord[]) {
      expect(topic).toBe('streaming.play-events.v1');
      if (log.state === 'away, and the spool is full') throw new SpoolFullError('full');
      const at = appended.flat().length;
      appended.push(records);
      if (log.state !== 'there') return { kept: 'DEFERRED' as const };
      const places = records.map((_, index) => ({ topic, partition: 5, offset: BigInt(at + index) }));
      return { kept: 'STORED' as const, places };
    },
  };
  const { ask } = await openStreaming({
    reports: {
      log: createSpooledPlayLog({ spool, logger: silentLogger }),
      recent: createCachedRecentReports(createMemoryCache({ maxBytes: 1_000_000 })),
      observe: createReportMeter(metrics),
    },
  });
  async function report(
    events: unknown,
    { sentAt, deviceId }: Record<string, unknown> = {},
    as = asViewer(),
  ) {
    const { data, errors } = await ask<Answer>(mutation, { input: { events, sentAt, deviceId } }, as);
    return { ...data?.playbackReport, errors };
  }
  const stored = () =>
    appended.flat().map(({ key, value }) => {
      const parsed = parseEvent(playEvents, value);
      if (parsed.kind !== 'event') throw new Error(JSON.stringify(parsed));
      expect(key).toBe(parsed.event.key);
      return parsed.event;
    });
  return { report, stored, appended, log, metrics };
}

const statuses = ({ results }: { results?: Result[] }) => results?.map(({ status, code }) => code ?? status);

describe('playbackReport', () => {
  it('stores a play with the facts of its grant', async () => {
    const { report, stored } = await openReports();
    const event = anEvent({
      offline: true,
      clickToSoundMs: 141.5,
      stalls: 1,
      stalledMs: 300,
      endReason: 'FORWARD',
    });
    const { results, userErrors, errors } = await report([event], { deviceId: 'kitchen-1' });
    expect(errors).toBeUndefined();
    expect(userErrors).toEqual([]);
    expect(results).toEqual([
      {
        id: event.id,
        status: 'STORED',
        counted: true,
        notCountedReason: null,
        code: null,
        message: null,
        retryAfterMs: null,
      },
    ]);
    expect(stored()).toEqual([
      {
        id: event.id,
        type: 'TrackPlayed',
        version: 1,
        source: 'streaming',
        time: minutesAgo(4).toISOString(),
        key: viewerId,
        data: {
          userId: viewerId,
          trackId: trackId('1'),
          playedAt: minutesAgo(4).toISOString(),
          reportedAt: now.toISOString(),
          contentHash: expect.stringMatching(/^[\w-]{22}$/),
          msPlayed: 212_000,
          counted: true,
          notCountedReason: null,
          context: { kind: 'ALBUM', id: 'album_1' },
          decisionId: 'decision_1',
          market: 'DE',
          tier: 'PREMIUM',
          quality: 'HIGH',
          grantedAt: minutesAgo(5).toISOString(),
          startReason: 'CLICK',
          endReason: 'FORWARD',
          skipped: true,
          offline: true,
          deviceId: 'kitchen-1',
          clickToSoundMs: 141,
          stalls: 1,
          stalledMs: 300,
        },
      },
    ]);
  });

  it('stores a hundred plays by one append, in their order', async () => {
    const { report, stored, appended } = await openReports();
    const events = Array.from({ length: 100 }, () => anEvent());
    expect(new Set(statuses(await report(events)))).toEqual(new Set(['STORED']));
    expect(appended).toHaveLength(1);
    expect(stored().map(({ id }) => id)).toEqual(events.map(({ id }) => id));
  });

  it('answers a token that names where the last play of the report lies, and none where the log took nothing', async () => {
    const { report, log } = await openReports();
    const events = [anEvent(), anEvent(), anEvent({ msPlayed: -1 })];
    const { recommendationsToken } = await report(events);
    expect(decodePlayPosition(recommendationsToken ?? '')).toEqual({ partition: 5, offset: 1n });
    expect((await report([anEvent(), ...events])).recommendationsToken).toBe(
      encodePlayPosition({ partition: 5, offset: 2n }),
    );
    expect((await report(events)).recommendationsToken).toBeNull();
    expect((await report([anEvent({ msPlayed: -1 })])).recommendationsToken).toBeNull();
    expect((await report([])).recommendationsToken).toBeNull();
    log.state = 'away';
    expect((await report([anEvent()])).recommendationsToken).toBeNull();
  });

  it('stores a report once that is sent a hundred times', async () => {
    const { report, stored } = await openReports();
    const events = [anEvent(), anEvent({ msPlayed: 10_000 })];
    const first = await report(events);
    expect(first.results).toMatchObject([
      { counted: true },
      { counted: false, notCountedReason: 'TOO_SHORT' },
    ]);
    const again = { ...first, recommendationsToken: null };
    for (let time = 2; time <= 100; time += 1) expect(await report(events)).toEqual(again);
    expect(stored()).toHaveLength(2);
  });

  it('hashes what was told, not when it was told', async () => {
    const { report, stored, log } = await openReports();
    const event = anEvent();
    log.state = 'away';
    await report([event], { sentAt: minutesAgo(-3).toISOString() });
    await report([event], { deviceId: 'kitchen-1' });
    const [first, second] = stored();
    expect(first?.data.playedAt).not.toBe(second?.data.playedAt);
    expect(first?.data.contentHash).toBe(second?.data.contentHash);
  });

  it('stores the new ones of a report that it knows in part', async () => {
    const { report, stored } = await openReports();
    const [known, unknown] = [anEvent(), anEvent()];
    await report([known]);
    expect(statuses(await report([known, unknown]))).toEqual(['STORED', 'STORED']);
    expect(stored().map(({ id }) => id)).toEqual([known.id, unknown.id]);
  });

  it('takes the same play twice in one report for one, and two plays under one id for one and a mistake', async () => {
    const { report, stored } = await openReports();
    const event = anEvent();
    const twice = await report([event, event, { ...event, id: event.id.toUpperCase() }]);
    expect(statuses(twice)).toEqual(['STORED', 'STORED', 'STORED']);
    const other = anEvent();
    const reused = await report([other, { ...other, msPlayed: 211_999 }]);
    expect(statuses(reused)).toEqual(['STORED', 'ID_REUSED']);
    expect(stored()).toHaveLength(2);
  });

  it('rejects another play under an id that is stored, also later', async () => {
    const { report, stored } = await openReports();
    const event = anEvent();
    await report([event]);
    const again = await report([{ ...event, endReason: 'FORWARD' }, event]);
    expect(statuses(again)).toEqual(['ID_REUSED', 'STORED']);
    expect(again.results?.[0]).toMatchObject({ status: 'REJECTED', counted: null, retryAfterMs: null });
    expect(stored()).toHaveLength(1);
  });

  it('tells two listeners apart who report the same under one id, so that whoever counts plays can', async () => {
    const { report, stored } = await openReports();
    const event = anEvent({ playbackToken: null, trackId: trackId('3') });
    const other = asViewer({
      actor: { kind: 'viewer', id: `user_${'w'.padStart(26, '0')}`, sessionId: 's', scopes: [] },
    });
    expect(statuses(await report([event]))).toEqual(['STORED']);
    expect(statuses(await report([event], {}, other))).toEqual(['STORED']);
    expect(new Set(stored().map(({ data }) => data.contentHash)).size).toBe(2);
  });

  it('lets a play that was rejected give its id to none, so that the right one comes in', async () => {
    const { report } = await openReports();
    const event = anEvent();
    expect(statuses(await report([{ ...event, msPlayed: -1 }, event]))).toEqual([
      'IMPOSSIBLE_DURATION',
      'STORED',
    ]);
  });

  it('takes late plays of a client that was offline, for thirty days', async () => {
    const { report, stored } = await openReports();
    const days = (count: number) => ({
      playedAt: minutesAgo(count * 1_440).toISOString(),
      playbackToken: tokenOf({ decidedAt: minutesAgo(count * 1_440 + 1) }),
      offline: true,
    });
    const { results } = await report([anEvent(days(29)), anEvent(days(30)), anEvent(days(30.001))]);
    expect(statuses({ results })).toEqual(['STORED', 'STORED', 'TOO_LATE']);
    expect(stored().map(({ data }) => data.playedAt)).toEqual([days(29).playedAt, days(30).playedAt]);
  });

  it('puts the times of a wrong clock right, and refuses them by item where it is not told', async () => {
    const { report, stored } = await openReports();
    const year = 365 * 86_400_000;
    const byClock = (time: Date) => new Date(time.getTime() - 50 * year).toISOString();
    const event = anEvent({ playedAt: byClock(minutesAgo(4)) });
    expect(statuses(await report([event]))).toEqual(['TOO_LATE']);
    expect(statuses(await report([event], { sentAt: byClock(now) }))).toEqual(['STORED']);
    expect(stored()[0]?.data.playedAt).toBe(minutesAgo(4).toISOString());
    const ahead = anEvent({ playedAt: minutesAgo(-10).toISOString() });
    expect(statuses(await report([ahead]))).toEqual(['FROM_THE_FUTURE']);
  });

  it('refuses plays of another user', async () => {
    const { report, stored } = await openReports();
    const theirs = tokenOf({ viewerId: `user_${'w'.padStart(26, '0')}` });
    const { results } = await report([anEvent({ playbackToken: theirs }), anEvent()]);
    expect(statuses({ results })).toEqual(['OTHER_VIEWER', 'STORED']);
    expect(stored()).toHaveLength(1);
  });

  it('keeps plays without a valid token and does not count them', async () => {
    const { report, stored } = await openReports();
    const forger = createPlaybackTokens({
      keys: parseSigningKeys(`test:${Buffer.alloc(32, 9).toString('base64url')}`),
    });
    const tokens = [forger.sign(aGrant({ tier: 'PREMIUM' })), 'nonsense', '', null];
    const events = tokens.map((playbackToken) => anEvent({ playbackToken, trackId: trackId('3') }));
    const { results } = await report([...events, anEvent({ playbackToken: tokens[0] })]);
    expect(results).toMatchObject([
      ...events.map(() => ({ status: 'STORED', counted: false, notCountedReason: 'UNVERIFIED' })),
      { status: 'REJECTED', code: 'INVALID', message: expect.stringContaining('trackId: expected') },
    ]);
    expect(stored().map(({ data }) => [data.trackId, data.market, data.tier, data.quality])).toEqual(
      events.map(() => [trackId('3'), null, null, null]),
    );
  });

  it('refuses nonsense by item, and stores what is beside it', async () => {
    const { report, stored } = await openReports();
    const bad = [
      { id: 'play 1' },
      { id: '' },
      { trackId: 'track_1', playbackToken: null },
      { trackId: trackId('2') },
      { playedAt: '9999-12-31T23:59:59Z' },
      { playedAt: '0001-01-01T00:00:00Z' },
      { playedAt: minutesAgo(11).toISOString() },
      { msPlayed: -1 },
      { msPlayed: 1e300 },
      { msPlayed: 999_999_999_999 },
      { stalls: -1 },
      { stalledMs: -1 },
      { clickToSoundMs: -1 },
      { context: { kind: 'ALBUM', id: 'x'.repeat(65) } },
    ];
    const { results } = await report(bad.flatMap((event) => [anEvent(event), anEvent()]));
    expect(statuses({ results })).toEqual(
      [
        'INVALID',
        'INVALID',
        'INVALID',
        'OTHER_TRACK',
        'FROM_THE_FUTURE',
        'TOO_LATE',
        'BEFORE_GRANT',
        'IMPOSSIBLE_DURATION',
        'IMPOSSIBLE_DURATION',
        'IMPOSSIBLE_DURATION',
        'INVALID',
        'INVALID',
        'INVALID',
        'INVALID',
      ].flatMap((code) => [code, 'STORED']),
    );
    expect(
      results
        ?.filter(({ message }) => message)
        .every(({ message }) => /expected|At most/.test(message ?? '')),
    ).toBe(true);
    expect(stored()).toHaveLength(bad.length);
  });

  it.each([
    [[], { field: ['input', 'events'], code: 'INVALID', message: 'A report has 1 to 100 events, got 0.' }],
    [
      Array.from({ length: 101 }, () => anEvent()),
      { field: ['input', 'events'], code: 'INVALID', message: 'A report has 1 to 100 events, got 101.' },
    ],
  ])('refuses a report of too few or too many as a whole', async (events, problem) => {
    const { report, appended } = await openReports();
    expect(await report(events)).toMatchObject({ results: [], userErrors: [problem], errors: undefined });
    expect(appended).toEqual([]);
  });

  it('refuses a report of a device without a name as a whole', async () => {
    const { report, appended } = await openReports();
    const { userErrors } = await report([anEvent()], { deviceId: 'the kitchen' });
    expect(userErrors).toMatchObject([{ field: ['input', 'deviceId'], code: 'INVALID' }]);
    expect(appended).toEqual([]);
  });

  it.each([
    ['sentAt', { sentAt: 'yesterday' }, {}],
    ['playedAt', {}, { playedAt: 'yesterday' }],
    ['endReason', {}, { endReason: 'BORED' }],
  ])('names what is not of its type at all: %s', async (name, options, event) => {
    const { report, appended } = await openReports();
    const { errors } = await report([anEvent(), anEvent(event)], options);
    expect(errors).toMatchObject([
      { message: expect.stringContaining(name), extensions: { code: 'BAD_USER_INPUT' } },
    ]);
    expect(appended).toEqual([]);
  });

  it.each([
    ['a stranger', { kind: 'anonymous' }],
    ['a service', { kind: 'service', id: 'catalog' }],
  ])('takes no plays of %s', async (_, actor) => {
    const { report, appended } = await openReports();
    const { results, errors } = await report([anEvent()], {}, { actor: actor as never });
    expect(results).toBeUndefined();
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(appended).toEqual([]);
  });

  it('defers while the log is away, and stores the same when it is asked again', async () => {
    const { report, stored, log } = await openReports();
    log.state = 'away';
    const event = anEvent();
    const { results } = await report([event, anEvent({ id: 'x' })]);
    expect(statuses({ results })).toEqual(['DEFERRED', 'INVALID']);
    expect(results?.[0]).toMatchObject({ counted: true, message: expect.stringMatching(/send it again/) });
    expect(results?.[0]?.retryAfterMs).toBeGreaterThanOrEqual(300_000);
    expect(results?.[0]?.retryAfterMs).toBeLessThan(600_000);
    log.state = 'there';
    expect(statuses(await report([event]))).toEqual(['STORED']);
    // Both have the same id, by which whoever counts plays counts one.
    expect(stored().map(({ id }) => id)).toEqual([event.id, event.id]);
  });

  it('asks to try later when nobody can keep plays, and says so of each', async () => {
    const { report, stored, log } = await openReports();
    log.state = 'away, and the spool is full';
    const events = [anEvent(), anEvent()];
    const { results, userErrors, errors } = await report(events);
    expect({ userErrors, errors }).toEqual({ userErrors: [], errors: undefined });
    for (const result of results ?? []) {
      expect(result).toMatchObject({ status: 'RETRY_LATER', counted: null, code: null });
      expect(result.retryAfterMs).toBeGreaterThanOrEqual(15_000);
      expect(result.retryAfterMs).toBeLessThan(30_000);
    }
    log.state = 'there';
    expect(statuses(await report(events))).toEqual(['STORED', 'STORED']);
    expect(stored()).toHaveLength(2);
  });

  it('counts what became of plays', async () => {
    const { report, metrics, log } = await openReports();
    await report([anEvent(), anEvent(), anEvent({ msPlayed: 1 }), anEvent({ id: 'x' })]);
    log.state = 'away';
    await report([anEvent()]);
    const text = await metrics.registry.metrics();
    for (const line of [
      'status="STORED",code=""} 2',
      'status="STORED",code="TOO_SHORT"} 1',
      'status="REJECTED",code="INVALID"} 1',
      'status="DEFERRED",code=""} 1',
    ])
      expect(text).toContain(`medley_playback_reported_events_total{${line}`);
  });
});
