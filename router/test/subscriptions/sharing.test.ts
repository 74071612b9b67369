import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ids } from '../stub-subgraphs.ts';
import { openLiveRouter, type TestClient } from './open-stream.ts';
import type { PushedStream } from './pushing-link.ts';

const { links, open, readMetric } = await openLiveRouter();
const { playlists, streaming } = links;

const query = `subscription ($id: ID!, $after: String) {
  playlistChanged(id: $id, after: $after) { kind cursor playlist { name owner { displayName } } }
}`;

const told = (kind: string, name: string) => ({
  playlistChanged: {
    kind,
    cursor: name,
    playlist: { name, owner: { __typename: 'User', id: ids.user } },
  },
});

const completions = () => readMetric('medley_router_event_completion_seconds_count{graph="whole"}');
const upstreams = () => readMetric('medley_router_upstream_streams{graph="whole"}');

/** A playlist of each test's own: what one test opened is no other's. */
let playlistNumber = 10;
let id = '';
let begun = 0;
let clients: TestClient[] = [];

function nextPlaylist(): void {
  playlistNumber += 1;
  id = `playlist_000000000000000000000000${playlistNumber}`;
  begun = playlists.streams.length;
}
nextPlaylist();

// Time stands still, so that what was told just now is just now also on a busy machine.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});

afterEach(async () => {
  vi.useRealTimers();
  for (const client of clients) client.close();
  await Promise.all(playlists.streams.slice(begun).map(({ whenLeft }) => whenLeft));
  clients = [];
  nextPlaylist();
});

/** The stream of this test that was begun as this one. */
const upstream = (index: number) => playlists.stream(begun + index);
const begunStreams = () => playlists.streams.length - begun;

async function join(options: { token?: string; after?: string; query?: string } = {}): Promise<TestClient> {
  const { token, after } = options;
  const client = await open(options.query ?? query, { variables: { id, after }, token });
  clients.push(client);
  return client;
}

/** Joins, and answers the stream that is begun for it. */
async function joinFresh(index: number, options: Parameters<typeof join>[0] = {}) {
  const joining = join(options);
  const stream = await upstream(index);
  stream.accept();
  return { client: await joining, stream };
}

async function take(client: TestClient): Promise<string> {
  return (await client.next()).data.playlistChanged.playlist.name;
}

describe('who asks the same', () => {
  it('shares one stream and one completion, which tell subgraphs nothing of anybody', async () => {
    const before = await completions();
    const { client: first, stream } = await joinFresh(0, { token: 'listener' });
    const second = await join({ token: 'admin' });
    stream.push(told('STARTED', 'one'), 'one');
    expect([await take(first), await take(second)]).toEqual(['one', 'one']);
    expect(stream.claims).toMatchObject({ actor: { kind: 'anonymous' }, market: 'BR', explicit: false });
    expect(stream.claims).not.toHaveProperty('clientAddress');
    expect(begunStreams()).toBe(1);
    expect((await completions()) - before).toBe(1);
  });

  it('is not who is in another market, filters otherwise, or asks for another thing', async () => {
    const { stream: brazil } = await joinFresh(0, { token: 'listener' });
    const { stream: nowhere } = await joinFresh(1);
    const { stream: other } = await joinFresh(2, { query: query.replace('kind', 'kind: kind again: kind') });
    expect(brazil.claims).toMatchObject({ market: 'BR', explicit: false });
    expect(nowhere.claims).toMatchObject({ market: null, explicit: true });
    expect(other.query).toContain('again:kind');
  });

  it('is so whatever the text looks like, and wherever "after" is written', async () => {
    const { client, stream } = await joinFresh(0, { after: 'here' });
    const literal = `subscription($id: ID!) { ...Root }
      fragment Root on Subscription { playlistChanged(after: "here", id: $id) { ...Event } }
      fragment Event on PlaylistEvent { kind, cursor, playlist { name owner { displayName } } }`;
    expect(stream.variables).toEqual({ id, after: 'here' });
    const { stream: other } = await joinFresh(1, { query: literal });
    // Fragments are another text; the same with other spaces is not.
    const spaced = await join({ query: query.replaceAll(' ', '  '), after: 'here' });
    expect(other.variables).toEqual({ id, after: 'here' });
    expect(begunStreams()).toBe(2);
    stream.push(told('CHANGED', 'one'), 'one');
    expect([await take(client), await take(spaced)]).toEqual(['one', 'one']);
  });

  it('has streams of his own where a field depends on the viewer', async () => {
    const own = query.replace('name', 'name viewerCanEdit');
    const { stream: listener } = await joinFresh(0, { token: 'listener', query: own });
    const { stream: admin } = await joinFresh(1, { token: 'admin', query: own });
    expect(listener.claims.actor).toMatchObject({ kind: 'viewer', scopes: [] });
    expect(admin.claims.actor).toMatchObject({ kind: 'viewer', scopes: ['users:admin'] });
    const again = await join({ token: 'listener', query: own });
    expect(begunStreams()).toBe(2);
    const { playlistChanged } = told('STARTED', 'one');
    const playlist = { ...playlistChanged.playlist, viewerCanEdit: true };
    listener.push({ playlistChanged: { ...playlistChanged, playlist } }, 'one');
    expect(await take(again)).toBe('one');
  });

  it('is nobody else for what belongs to an account', async () => {
    const state = 'subscription { playbackStateChanged { kind cursor } }';
    const opening = open(state, { token: 'listener' });
    const stream = await streaming.stream(0);
    expect(stream.claims.actor).toMatchObject({ kind: 'viewer', id: ids.user });
    stream.refuse('UNAUTHENTICATED');
    await expect(opening).rejects.toThrow('UNAUTHENTICATED');
    expect(streaming.streams).toHaveLength(1);
  });
});

describe('who comes later', () => {
  it('is given the first event that others were given, and what comes then', async () => {
    const { client, stream } = await joinFresh(0);
    stream.push(told('STARTED', 'one'), 'one');
    expect(await take(client)).toBe('one');
    const late = await join();
    expect(await take(late)).toBe('one');
    stream.push(told('CHANGED', 'two'), 'two');
    expect([await take(client), await take(late)]).toEqual(['two', 'two']);
    expect(begunStreams()).toBe(1);
  });

  it('is not given it when it is not of just now, and begins for himself', async () => {
    const { client, stream } = await joinFresh(0);
    stream.push(told('STARTED', 'one'), 'one');
    expect(await take(client)).toBe('one');
    vi.advanceTimersByTime(101);
    const { client: late, stream: own } = await joinFresh(1);
    own.push(told('STARTED', 'one'), 'one');
    expect(await take(late)).toBe('one');
    // They stand at the same place, so they share one stream from now on.
    await Promise.race([stream.whenLeft, own.whenLeft]);
  });

  it('begins for himself when others are further, and goes on with them where they meet', async () => {
    const { client, stream } = await joinFresh(0);
    stream.push(told('STARTED', 'one'), 'one');
    stream.push(told('CHANGED', 'two'), 'two');
    expect([await take(client), await take(client)]).toEqual(['one', 'two']);
    const { client: late, stream: own } = await joinFresh(1);
    own.push(told('STARTED', 'two'), 'two');
    expect(await take(late)).toBe('two');
    const left = await Promise.race([stream.whenLeft.then(() => stream), own.whenLeft.then(() => own)]);
    const kept = left === stream ? own : stream;
    kept.push(told('CHANGED', 'three'), 'three');
    expect([await take(client), await take(late)]).toEqual(['three', 'three']);
    expect(kept.left).toBe(false);
    await expect.poll(upstreams).toBe(1);
  });

  it('goes on with those who stand at his cursor', async () => {
    const { client, stream } = await joinFresh(0);
    stream.push(told('STARTED', 'one'), 'one');
    expect(await take(client)).toBe('one');
    const back = await join({ after: 'one' });
    stream.push(told('CHANGED', 'two'), 'two');
    expect([await take(client), await take(back)]).toEqual(['two', 'two']);
    expect(begunStreams()).toBe(1);
  });

  it('shares a stream with all who come back with the same cursor', async () => {
    const joining = [join({ after: 'one' }), join({ after: 'one' }), join({ after: 'one' })];
    const stream = await upstream(0);
    stream.accept();
    const back = await Promise.all(joining);
    stream.push(told('CHANGED', 'two'), 'two');
    expect(await Promise.all(back.map(take))).toEqual(['two', 'two', 'two']);
    expect(begunStreams()).toBe(1);
  });
});

describe('what is old', () => {
  it('is not for who comes now: he does not join those who take nothing', async () => {
    const before = await completions();
    const { client: slow, stream } = await joinFresh(0);
    stream.push(told('STARTED', 'one'), 'one');
    // One is taken, one waits in the queue, one on the way.
    for (const name of ['two', 'three']) stream.push(told('CHANGED', name), name);
    expect(await take(slow)).toBe('one');
    await expect.poll(completions).toBe(before + 2);
    const { client: late, stream: own } = await joinFresh(1, { after: 'two' });
    own.push(told('CHANGED', 'four'), 'four');
    expect(await take(late)).toBe('four');
    expect(await take(slow)).toBe('two');
  });
});

describe('what not everybody may see', () => {
  it('is asked for as the viewer when it is refused to anyone', async () => {
    const joining = join({ token: 'listener' });
    const anyone = await upstream(0);
    anyone.refuse('NOT_FOUND');
    const own = await upstream(1);
    expect(own.claims.actor).toMatchObject({ kind: 'viewer', id: ids.user });
    own.accept();
    own.push(told('STARTED', 'mine'), 'mine');
    expect(await take(await joining)).toBe('mine');
  });

  it('is refused to who is nobody', async () => {
    const joining = join();
    (await upstream(0)).refuse('NOT_FOUND', 'There is no such playlist.');
    await expect(joining).rejects.toThrow('There is no such playlist.');
    expect(begunStreams()).toBe(1);
  });

  it('goes on from the same place, for those who still may, when it ceases to be for all', async () => {
    const { client: member, stream } = await joinFresh(0, { token: 'listener' });
    const stranger = await join({ token: 'admin' });
    stream.push(told('STARTED', 'one'), 'one');
    expect([await take(member), await take(stranger)]).toEqual(['one', 'one']);
    stream.end('NOT_FOUND');
    const streams = await Promise.all([upstream(1), upstream(2)]);
    const of = (scope?: string): PushedStream => {
      const found = streams.find(
        ({ claims: { actor } }) => actor?.kind === 'viewer' && actor.scopes[0] === scope,
      );
      if (!found) throw new Error(`no stream for the viewer with the scope ${scope}`);
      return found;
    };
    expect(streams.map(({ variables }) => variables.after)).toEqual(['one', 'one']);
    of('users:admin').refuse('NOT_FOUND');
    of(undefined).accept();
    of(undefined).push(told('CHANGED', 'two'), 'two');
    expect(await take(member)).toBe('two');
    expect(await stranger.next()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
    expect(await stranger.next()).toBeUndefined();
    expect(stranger.ended).toBe('COMPLETE');
  });
});

describe('when nobody is left', () => {
  it('nothing runs upstream', async () => {
    const { client, stream } = await joinFresh(0);
    const other = await join();
    await expect.poll(upstreams).toBe(1);
    client.close();
    expect(stream.left).toBe(false);
    other.close();
    expect(stream.left).toBe(true);
    await expect.poll(upstreams).toBe(0);
  });

  it('nothing is begun either, when the last one left before', async () => {
    const joining = join();
    const stream = await upstream(0);
    stream.accept();
    (await joining).close();
    await stream.whenLeft;
    await expect.poll(upstreams).toBe(0);
  });
});
