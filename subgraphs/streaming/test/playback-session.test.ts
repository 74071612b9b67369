import { encodeEvent, playbackState } from '@medley/events';
import { encodeId, newUuid } from '@medley/ids';
import { describe, expect, it } from 'vitest';
import { createMemoryPlaybackSessions } from '../src/adapters/memory-playback-sessions.ts';
import { FactsUnavailableError } from '../src/domain/facts.ts';
import { type PlaybackSessions, SessionsUnavailableError } from '../src/domain/playback-sessions.ts';
import { aTrack, aViewer, trackId, viewerId } from './cases.ts';
import { asViewer, openStreaming, playbackTokens } from './streaming-under-test.ts';

const session = `session {
  id device { id name } track { id } positionMs paused startedAt expiresAt heartbeatEveryMs context { kind id }
}`;
const result = `result {
  __typename
  ... on PlaybackStarted {
    grant { decisionId track { id } url playbackToken grantedQuality }
    ${session}
    next {
      __typename
      ... on PlaybackGrant { track { id } playbackToken requestedQuality }
      ... on PlaybackDenial { code track { id } }
    }
  }
  ... on StreamLimitReached { message device { id name } track { id } startedAt expiresAt }
  ... on PlaybackDenial { code message }
}
userErrors { field code message }`;
const start = `mutation ($input: PlaybackStartInput!) { answer: playbackStart(input: $input) { ${result} } }`;
const takeOver = `mutation ($input: PlaybackStartInput!) { answer: playbackTakeOver(input: $input) { ${result} } }`;
const heartbeat = `mutation ($input: PlaybackHeartbeatInput!) {
  answer: playbackHeartbeat(input: $input) { status ${session} takenOverBy { id name } userErrors { field code message } }
}`;
const stop = `mutation ($input: PlaybackStopInput!) { answer: playbackStop(input: $input) { stopped userErrors { code } } }`;

// biome-ignore lint/suspicious/noExplicitAny: answers are looked at, not worked with
type Answer = { answer: any };
type Told = Record<string, unknown>;

const phone = { id: 'phone-1', name: 'Kitchen' };
const tv = { id: 'tv-1', name: null };
const tracks = Array.from({ length: 8 }, (_, n) => aTrack({ id: trackId(String(n)) }));
const [track] = tracks as [ReturnType<typeof aTrack>];
const play = (more: Told = {}) => ({ trackId: track.id, quality: 'HIGH', device: phone, ...more });

async function openPlayer(options: Parameters<typeof openStreaming>[0] = {}) {
  const streaming = await openStreaming({ tracks, viewers: [aViewer()], ...options });
  const ask = async (mutation: string, input: Told, as = asViewer()) => {
    const { data, errors } = await streaming.ask<Answer>(mutation, { input }, as);
    expect(errors).toBeUndefined();
    return data.answer;
  };
  return {
    ...streaming,
    start: (input: Told, as?: ReturnType<typeof asViewer>) => ask(start, input, as),
    takeOver: (input: Told) => ask(takeOver, input),
    heartbeat: (input: Told, as?: ReturnType<typeof asViewer>) =>
      ask(heartbeat, { positionMs: 0, ...input }, as),
    stop: (sessionId: string, as?: ReturnType<typeof asViewer>) => ask(stop, { sessionId }, as),
    states: () => streaming.stateEvents.map(({ data }) => ('state' in data ? data.state : 'QUEUE')),
  };
}

const somebodyElse = asViewer({
  actor: { kind: 'viewer', id: `user_${'w'.padStart(26, '0')}`, sessionId: 'session_2', scopes: [] },
});

/** Sessions that are out of order. */
const noSessions = new Proxy({} as PlaybackSessions, {
  get: () => async () => {
    throw new SessionsUnavailableError('Redis did not answer');
  },
});

describe('playbackStart', () => {
  it('gives the grant, the session that holds the stream, and grants for what comes next', async () => {
    const player = await openPlayer();
    const { result, userErrors } = await player.start(
      play({
        positionMs: 12_000,
        context: { kind: 'ALBUM', id: 'album_1' },
        nextTrackIds: [trackId('3'), trackId('9'), trackId('4')],
      }),
    );
    expect(userErrors).toEqual([]);
    expect(result).toMatchObject({
      __typename: 'PlaybackStarted',
      grant: {
        track: { id: track.id },
        grantedQuality: 'HIGH',
        url: expect.stringContaining('/high.ogg?t='),
      },
      session: {
        id: expect.stringMatching(/^session_[0-9a-z]{26}$/),
        device: phone,
        track: { id: track.id },
        positionMs: 12_000,
        paused: false,
        heartbeatEveryMs: 15_000,
        context: { kind: 'ALBUM', id: 'album_1' },
      },
      next: [
        { __typename: 'PlaybackGrant', track: { id: trackId('3') }, requestedQuality: 'HIGH' },
        { __typename: 'TrackUnavailable', code: 'NOT_FOUND' },
        { __typename: 'PlaybackGrant', track: { id: trackId('4') } },
      ],
    });
    const { startedAt, expiresAt } = result.session;
    expect(Date.parse(expiresAt) - Date.parse(startedAt)).toBe(45_000);
    expect(playbackTokens.verify(result.next[2].playbackToken)).toMatchObject({
      trackId: trackId('4'),
      viewerId,
    });
  });

  it('reads the facts of all tracks together', async () => {
    const player = await openPlayer();
    const nextTrackIds = tracks.slice(1, 6).map(({ id }) => id);
    await player.start(play({ nextTrackIds }));
    expect(player.catalogCalls).toEqual([[track.id, ...nextTrackIds]]);
    expect(player.accountCalls).toEqual([[viewerId]]);
    expect(player.decisions.map((decision) => decision.trackId)).toEqual([track.id, ...nextTrackIds]);
  });

  it('tells another device who plays, what and until when, and decides nothing on what comes next', async () => {
    const player = await openPlayer();
    const { result: first } = await player.start(play({ trackId: trackId('2') }));
    const { result, userErrors } = await player.start(play({ device: tv, nextTrackIds: [trackId('3')] }));
    expect(userErrors).toEqual([]);
    expect(result).toEqual({
      __typename: 'StreamLimitReached',
      message: 'Kitchen plays with this account now. Take over to play here.',
      device: phone,
      track: { id: trackId('2') },
      startedAt: first.session.startedAt,
      expiresAt: first.session.expiresAt,
    });
    expect(player.decisions.map((decision) => decision.trackId)).toEqual([trackId('2'), track.id]);
  });

  it('names a device that has no name by what it is', async () => {
    const player = await openPlayer();
    await player.start(play({ device: { id: 'tv-1', name: '  ' } }));
    const { result } = await player.start(play());
    expect(result.device).toEqual(tv);
    expect(result.message).toMatch(/^Another device plays/);
  });

  it('is refused by a device that is paused too, and says that it is', async () => {
    const player = await openPlayer();
    const { session } = (await player.start(play())).result;
    await player.heartbeat({ sessionId: session.id, paused: true });
    const { result } = await player.start(play({ device: tv }));
    expect(result.message).toBe('Kitchen is paused with this account now. Take over to play here.');
  });

  it('goes on in the same session on the device that holds it', async () => {
    const player = await openPlayer();
    const first = (await player.start(play())).result.session;
    const second = (await player.start(play({ trackId: trackId('2') }))).result.session;
    expect(second).toMatchObject({ id: first.id, startedAt: first.startedAt, track: { id: trackId('2') } });
    expect(player.states()).toEqual(['STARTED', 'CHANGED']);
  });

  it('opens no session for a track that is denied', async () => {
    const player = await openPlayer({ viewers: [aViewer({ tier: 'FREE' })] });
    const { result } = await player.start(play());
    expect(result).toMatchObject({ __typename: 'TierRequired', code: 'TIER_REQUIRED' });
    const other = await player.start(play({ device: tv, quality: 'LOW' }));
    expect(other.result.__typename).toBe('PlaybackStarted');
    expect(player.states()).toEqual(['STARTED']);
  });

  it('says that nothing is decided when facts cannot be read, and opens no session', async () => {
    const catalogFacts = {
      async findByIds(): Promise<never> {
        throw new FactsUnavailableError('catalog did not answer');
      },
    };
    const player = await openPlayer({ catalogFacts });
    const { result } = await player.start(play({ nextTrackIds: [trackId('2')] }));
    expect(result.__typename).toBe('PlaybackUndecided');
    expect(player.stateEvents).toEqual([]);
  });

  it.each([
    ['strangers', { market: 'DE', marketSource: 'ADDRESS' } as const],
    ['apps', asViewer({ actor: { kind: 'app', id: 'app_1', viewerId, scopes: [] } as never })],
  ])('asks %s to sign in, and nobody for facts', async (_, as) => {
    const player = await openPlayer();
    const { result } = await player.start(play({ nextTrackIds: [trackId('2')] }), as);
    expect(result).toMatchObject({ __typename: 'SignInRequired', code: 'SIGN_IN_REQUIRED' });
    // What a loader was asked for it asks after the answer.
    await new Promise(setImmediate);
    expect([...player.catalogCalls, ...player.accountCalls, ...player.stateEvents]).toEqual([]);
  });

  it.each([
    ['a device id with blanks', { device: { id: 'my phone' } }, ['device', 'id'], 'INVALID'],
    ['no device id', { device: { id: '' } }, ['device', 'id'], 'INVALID'],
    ['a device id of 65 characters', { device: { id: 'x'.repeat(65) } }, ['device', 'id'], 'INVALID'],
    [
      'a name of 101 characters',
      { device: { id: 'x', name: '🎵'.repeat(101) } },
      ['device', 'name'],
      'TOO_LONG',
    ],
    ['a name with line breaks', { device: { id: 'x', name: 'a\nb' } }, ['device', 'name'], 'INVALID'],
    ['half a character', { device: { id: 'x', name: 'a\ud83c' } }, ['device', 'name'], 'INVALID'],
    ['a long context', { context: { kind: 'OTHER', id: 'x'.repeat(65) } }, ['context', 'id'], 'TOO_LONG'],
    ['a position before the start', { positionMs: -1 }, ['positionMs'], 'INVALID'],
    ['six next tracks', { nextTrackIds: Array(6).fill(trackId('2')) }, ['nextTrackIds'], 'LIMIT_REACHED'],
  ])('says what is wrong with %s, and does nothing', async (_, input, field, code) => {
    const player = await openPlayer();
    const { result, userErrors } = await player.start(play(input));
    expect(result).toBeNull();
    expect(userErrors).toEqual([{ field: ['input', ...field], code, message: expect.any(String) }]);
    expect([...player.catalogCalls, ...player.decisions, ...player.stateEvents]).toEqual([]);
  });

  it.each([
    ['trackId', { trackId: 'nonsense' }, 'input.trackId'],
    ['trackId of another kind', { trackId: `album_${'0'.repeat(26)}` }, 'input.trackId'],
    ['nextTrackIds', { nextTrackIds: [trackId('1'), 'nonsense'] }, 'input.nextTrackIds.1'],
  ])('refuses a malformed %s', async (_, input, name) => {
    const { ask } = await openPlayer();
    const { data, errors } = await ask<Answer>(start, { input: play(input) }, asViewer());
    expect(data).toEqual({ answer: null });
    expect(errors).toMatchObject([
      { message: expect.stringContaining(name), extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  });

  it('plays without a session when sessions are out of order', async () => {
    const player = await openPlayer({ sessions: noSessions });
    for (const ask of [player.start, player.takeOver]) {
      const { result } = await ask(play({ nextTrackIds: [trackId('2')] }));
      expect(result).toMatchObject({
        __typename: 'PlaybackStarted',
        grant: { track: { id: track.id } },
        session: null,
        next: [{ __typename: 'PlaybackGrant' }],
      });
    }
    expect(player.stateEvents).toEqual([]);
  });

  it('is one per account', async () => {
    const player = await openPlayer({
      viewers: [aViewer(), aViewer({ id: (somebodyElse.actor as { id: string }).id })],
    });
    await player.start(play());
    const { result } = await player.start(play({ device: tv }), somebodyElse);
    expect(result.__typename).toBe('PlaybackStarted');
  });
});

describe('playbackTakeOver', () => {
  it('moves the stream, and the old device learns of it by its next heartbeat', async () => {
    const player = await openPlayer();
    const old = (await player.start(play())).result.session;
    const { result } = await player.takeOver(play({ device: tv }));
    expect(result).toMatchObject({ __typename: 'PlaybackStarted', session: { device: tv } });
    expect(await player.heartbeat({ sessionId: old.id })).toEqual({
      status: 'TAKEN_OVER',
      session: null,
      takenOverBy: tv,
      userErrors: [],
    });
    expect(player.stateEvents.map(({ data }) => data)).toMatchObject([
      { state: 'STARTED', sessionId: old.id },
      { state: 'TAKEN_OVER', sessionId: old.id, device: phone },
      { state: 'STARTED', sessionId: result.session.id, device: tv },
    ]);
    for (const event of player.stateEvents) {
      expect(event).toMatchObject({ key: viewerId, source: 'streaming' });
      expect(() => encodeEvent(playbackState, event)).not.toThrow();
    }
  });

  it('takes nothing over for a track that is denied', async () => {
    const player = await openPlayer();
    const { session } = (await player.start(play())).result;
    const { result } = await player.takeOver(play({ device: tv, trackId: trackId('9') }));
    expect(result.__typename).toBe('TrackUnavailable');
    expect(await player.heartbeat({ sessionId: session.id })).toMatchObject({ status: 'ACTIVE' });
    expect(player.states()).toEqual(['STARTED']);
  });
});

describe('playbackHeartbeat', () => {
  it('keeps the session, and tells where the device is', async () => {
    const player = await openPlayer();
    const { session } = (await player.start(play())).result;
    const told = { sessionId: session.id, positionMs: 61_000, paused: true, trackId: trackId('2') };
    const answer = await player.heartbeat(told);
    expect(answer).toMatchObject({
      status: 'ACTIVE',
      session: { id: session.id, positionMs: 61_000, paused: true, track: { id: trackId('2') } },
      takenOverBy: null,
      userErrors: [],
    });
    await player.heartbeat(told);
    expect(player.states()).toEqual(['STARTED', 'CHANGED']);
    expect(player.catalogCalls).toHaveLength(1);
  });

  it.each([
    ['of another account', somebodyElse],
    ['that there never was', asViewer()],
  ])('knows no session %s', async (_, as) => {
    const player = await openPlayer();
    const { session } = (await player.start(play())).result;
    const sessionId = as === somebodyElse ? session.id : encodeId('session', newUuid());
    expect(await player.heartbeat({ sessionId }, as)).toMatchObject({ status: 'ENDED', takenOverBy: null });
    expect(await player.stop(sessionId, as)).toEqual({ stopped: true, userErrors: [] });
    expect(await player.heartbeat({ sessionId: session.id })).toMatchObject({ status: 'ACTIVE' });
  });

  it('cannot tell while sessions are out of order', async () => {
    const player = await openPlayer({ sessions: noSessions });
    const sessionId = encodeId('session', newUuid());
    expect(await player.heartbeat({ sessionId })).toEqual({
      ...{ status: 'UNKNOWN', session: null, takenOverBy: null, userErrors: [] },
    });
    expect(await player.stop(sessionId)).toEqual({ stopped: null, userErrors: [] });
  });

  it('says what is wrong with a position before the start', async () => {
    const player = await openPlayer();
    const answer = await player.heartbeat({ sessionId: encodeId('session', newUuid()), positionMs: -5 });
    expect(answer).toMatchObject({
      status: null,
      userErrors: [{ field: ['input', 'positionMs'], code: 'INVALID' }],
    });
  });
});

describe('playbackStop', () => {
  it('ends the session, so that another device may play at once', async () => {
    const player = await openPlayer();
    const { session } = (await player.start(play())).result;
    expect(await player.stop(session.id)).toEqual({ stopped: true, userErrors: [] });
    expect(await player.stop(session.id)).toEqual({ stopped: true, userErrors: [] });
    expect(await player.heartbeat({ sessionId: session.id })).toMatchObject({ status: 'ENDED' });
    const { result } = await player.start(play({ device: tv }));
    expect(result.__typename).toBe('PlaybackStarted');
    expect(player.states()).toEqual(['STARTED', 'ENDED', 'STARTED']);
  });
});

describe('a session', () => {
  it('ends when its device is silent for 45 seconds, and not before', async () => {
    let time = Date.now();
    const sessions = createMemoryPlaybackSessions({ clock: () => time });
    const player = await openPlayer({ sessions });
    const { session } = (await player.start(play())).result;
    time += 44_999;
    expect((await player.start(play({ device: tv }))).result.__typename).toBe('StreamLimitReached');
    await player.heartbeat({ sessionId: session.id, positionMs: 44_999 });
    time += 44_999;
    expect((await player.start(play({ device: tv }))).result.__typename).toBe('StreamLimitReached');
    time += 1;
    expect((await player.start(play({ device: tv }))).result.__typename).toBe('PlaybackStarted');
    expect(player.states()).toEqual(['STARTED', 'STARTED']);
  });
});

describe('whoever is not signed in', () => {
  it.each([
    ['playbackHeartbeat', heartbeat, { sessionId: encodeId('session', newUuid()), positionMs: 0 }],
    ['playbackStop', stop, { sessionId: encodeId('session', newUuid()) }],
  ])('gets UNAUTHENTICATED of %s', async (_, mutation, input) => {
    const { ask } = await openPlayer();
    const { data, errors } = await ask<Answer>(mutation, { input });
    expect(data).toEqual({ answer: null });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  it.each([
    ['playbackHeartbeat', heartbeat, { sessionId: 'nonsense', positionMs: 0 }],
    ['playbackStop', stop, { sessionId: trackId('1') }],
    [
      'playbackHeartbeat',
      heartbeat,
      { sessionId: encodeId('session', newUuid()), positionMs: 0, trackId: 'x' },
    ],
  ])('and whoever is, gets BAD_USER_INPUT of %s for a malformed id', async (_, mutation, input) => {
    const { ask } = await openPlayer();
    const { errors } = await ask<Answer>(mutation, { input }, asViewer());
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});
