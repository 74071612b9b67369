import { encodeEvent, playbackState } from '@medley/events';
import { describe, expect, it } from 'vitest';
import { type PlaybackSessions, SessionsUnavailableError } from '../src/domain/playback-sessions.ts';
import { aTrack, aViewer, trackId, viewerId } from './cases.ts';
import { asViewer, openStreaming } from './streaming-under-test.ts';

const queue = `queue {
  revision items { track { id playability { playable } } } currentIndex positionMs context { kind id } updatedAt updatedBy { id name }
}`;
const replace = `mutation ($input: PlaybackQueueReplaceInput!) {
  answer: playbackQueueReplace(input: $input) { ${queue} userErrors { field code message } }
}`;
const state = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    ... on Viewer {
      playback { session { device { id } track { id } positionMs paused } ${queue} }
    }
  }
}`;
const start = `mutation ($input: PlaybackStartInput!) {
  playbackStart(input: $input) { result { ... on PlaybackStarted { session { id } } } }
}`;

// biome-ignore lint/suspicious/noExplicitAny: answers are looked at, not worked with
type Any = any;
type Told = Record<string, unknown>;

const phone = { id: 'phone-1', name: 'Kitchen' };
const ids = (count: number) => Array.from({ length: count }, (_, n) => trackId(String(n)));
const emptyQueue = {
  revision: 0,
  items: [],
  currentIndex: null,
  positionMs: 0,
  context: null,
  updatedAt: null,
  updatedBy: null,
};

async function openQueue(options: Parameters<typeof openStreaming>[0] = {}) {
  const tracks = ids(3).map((id) => aTrack({ id }));
  const streaming = await openStreaming({ tracks, viewers: [aViewer()], ...options });
  return {
    ...streaming,
    async replace(input: Told) {
      const { data, errors } = await streaming.ask<Any>(
        replace,
        { input: { device: phone, ...input } },
        asViewer(),
      );
      expect(errors).toBeUndefined();
      return data.answer;
    },
    async read(id = viewerId, as = asViewer()) {
      const representations = [{ __typename: 'Viewer', id }];
      const { data, errors } = await streaming.ask<Any>(state, { representations }, as);
      expect(errors).toBeUndefined();
      return data._entities[0].playback;
    },
  };
}

describe('the queue of an account', () => {
  it('is empty at first, and no device plays', async () => {
    const { read } = await openQueue();
    expect(await read()).toEqual({ session: null, queue: emptyQueue });
  });

  it('is what a device made of it, for all devices, with one call for the facts of all its tracks', async () => {
    const player = await openQueue();
    const context = { kind: 'PLAYLIST', id: 'playlist_1' };
    const trackIds = [...ids(3), trackId('1')];
    const told = { trackIds, currentIndex: 2, positionMs: 61_000, context };
    const { queue, userErrors } = await player.replace(told);
    expect(userErrors).toEqual([]);
    expect(queue).toEqual({
      revision: 1,
      items: trackIds.map((id) => ({ track: { id, playability: { playable: true } } })),
      currentIndex: 2,
      positionMs: 61_000,
      context,
      updatedAt: expect.any(String),
      updatedBy: phone,
    });
    expect(player.catalogCalls).toEqual([ids(3)]);
    expect((await player.read()).queue).toEqual(queue);
    expect(player.stateEvents).toMatchObject([
      { type: 'PlaybackQueueChanged', key: viewerId, data: { revision: 1, items: 4, device: phone } },
    ]);
    for (const event of player.stateEvents) expect(() => encodeEvent(playbackState, event)).not.toThrow();
  });

  it('begins with its first track unless told otherwise, and can be emptied', async () => {
    const { replace } = await openQueue();
    expect((await replace({ trackIds: ids(2) })).queue).toMatchObject({ currentIndex: 0, positionMs: 0 });
    const { queue } = await replace({ trackIds: [] });
    expect(queue).toMatchObject({ revision: 2, items: [], currentIndex: null });
  });

  it('stays as it is when somebody else changed it since', async () => {
    const player = await openQueue();
    const { queue: first } = await player.replace({ trackIds: ids(1), ifRevision: 0 });
    const conflict = await player.replace({ trackIds: ids(3), ifRevision: 0 });
    expect(conflict).toEqual({
      queue: first,
      userErrors: [
        {
          field: ['input', 'ifRevision'],
          code: 'CONFLICT',
          message: 'The queue was changed in the meantime: it has the revision 1 now.',
        },
      ],
    });
    expect(player.stateEvents).toHaveLength(1);
    expect((await player.replace({ trackIds: ids(3), ifRevision: 1 })).userErrors).toEqual([]);
  });

  it('takes five hundred tracks', async () => {
    const { replace } = await openQueue();
    const { queue } = await replace({ trackIds: ids(500), currentIndex: 499 });
    expect(queue.items).toHaveLength(500);
  });

  it.each([
    ['501 tracks', { trackIds: ids(501) }, 'trackIds', 'LIMIT_REACHED'],
    ['a place behind its end', { trackIds: ids(2), currentIndex: 2 }, 'currentIndex', 'INVALID'],
    ['a place before its start', { trackIds: ids(2), currentIndex: -1 }, 'currentIndex', 'INVALID'],
    ['a place in an empty one', { trackIds: [], currentIndex: 0 }, 'currentIndex', 'INVALID'],
    ['a position before the start', { trackIds: ids(1), positionMs: -1 }, 'positionMs', 'INVALID'],
  ])('says what is wrong with %s, and stays as it is', async (_, input, field, code) => {
    const player = await openQueue();
    expect(await player.replace(input)).toEqual({
      queue: null,
      userErrors: [{ field: ['input', field], code, message: expect.any(String) }],
    });
    expect((await player.read()).queue).toEqual(emptyQueue);
  });

  it('refuses a malformed id, and whoever is not signed in', async () => {
    const { ask } = await openQueue();
    const input = { device: phone, trackIds: [trackId('1'), 'nonsense'] };
    const malformed = await ask(replace, { input }, asViewer());
    expect(malformed.errors).toMatchObject([
      { message: expect.stringContaining('input.trackIds.1'), extensions: { code: 'BAD_USER_INPUT' } },
    ]);
    const stranger = await ask(replace, { input: { device: phone, trackIds: [] } });
    expect(stranger.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  it('cannot be told while its store is out of order', async () => {
    const sessions = new Proxy({} as PlaybackSessions, {
      get: () => async () => {
        throw new SessionsUnavailableError('Redis did not answer');
      },
    });
    const player = await openQueue({ sessions });
    expect(await player.replace({ trackIds: ids(1) })).toEqual({ queue: null, userErrors: [] });
    expect(await player.read()).toBeNull();
    expect(player.stateEvents).toEqual([]);
  });
});

describe('what an account plays', () => {
  it('is there with the device that plays it', async () => {
    const player = await openQueue();
    const input = { trackId: trackId('2'), quality: 'LOW', device: phone, positionMs: 5 };
    await player.ask(start, { input }, asViewer());
    expect((await player.read()).session).toEqual({
      device: { id: phone.id },
      track: { id: trackId('2') },
      positionMs: 5,
      paused: false,
    });
  });

  it.each([
    [
      'another account',
      asViewer({
        actor: { kind: 'viewer', id: `user_${'w'.padStart(26, '0')}`, sessionId: 's', scopes: [] },
      }),
    ],
    [
      'an app of the account',
      asViewer({ actor: { kind: 'app', id: 'app_1', viewerId, scopes: [] } as never }),
    ],
    ['a stranger', {}],
  ])('is not shown to %s', async (_, as) => {
    const player = await openQueue();
    await player.replace({ trackIds: ids(1) });
    expect(await player.read(viewerId, as)).toBeNull();
  });
});
