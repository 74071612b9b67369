import { createLogger } from '@medley/service';
import type { LiveSubgraphLink } from '@medley/subgraph-link';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ask, askPublic, ids, testPublicGraph } from '../stub-subgraphs.ts';
import { openLiveRouter, refusalOf } from './open-stream.ts';

const { links, open, router, subscriptions } = await openLiveRouter({ publicGraph: testPublicGraph() });
const { playlists } = links;

afterEach(() => {
  vi.useRealTimers();
});

/** A client of a stream of its own: nobody else asks for this playlist. */
async function openOwn(requestId?: string) {
  const index = playlists.streams.length;
  const opening = open(query, { variables: { id: `own-${index}` }, requestId });
  const upstream = await playlists.stream(index);
  upstream.accept();
  return { client: await opening, upstream };
}

const query = `subscription ($id: ID!, $after: String) {
  playlistChanged(id: $id, after: $after) {
    kind cursor
    playlist { name owner { displayName } items(first: 1) { nodes { track { title playCount } } } }
  }
}`;

const event = (kind: string, cursor: string, name = 'Mine') => ({
  playlistChanged: {
    kind,
    cursor,
    playlist: {
      name,
      owner: { __typename: 'User', id: ids.user },
      items: { nodes: [{ track: { __typename: 'Track', id: ids.track } }] },
    },
  },
});

describe('a subscription', () => {
  it('is completed across subgraphs, event by event', async () => {
    const { client, upstream } = await openOwn();
    upstream.push(event('STARTED', 'c1'), 'c1');
    expect(await client.next()).toEqual({
      data: {
        playlistChanged: {
          kind: 'STARTED',
          cursor: 'c1',
          playlist: {
            name: 'Mine',
            owner: { displayName: 'Me' },
            items: { nodes: [{ track: { title: 'One', playCount: 3_000_000_000 } }] },
          },
        },
      },
    });
    upstream.push(event('CHANGED', 'c2', 'Ours'), 'c2');
    expect((await client.next()).data.playlistChanged).toMatchObject({
      kind: 'CHANGED',
      playlist: { name: 'Ours', owner: { displayName: 'Me' } },
    });
    client.close();
    await upstream.whenLeft;
  });

  it('masks errors as queries do, names the request, and goes on', async () => {
    const { client, upstream } = await openOwn('request-7');
    const { playlistChanged } = event('STARTED', 'c1');
    const owner = { __typename: 'User', id: 'user_00000000000000000000000009' };
    upstream.push(
      {
        playlistChanged: {
          ...playlistChanged,
          playlist: { ...playlistChanged.playlist, owner, items: null },
        },
      },
      'c1',
      { errors: [{ message: 'select * from secrets', path: ['playlistChanged', 'playlist', 'items'] }] },
    );
    const { data, errors } = await client.next();
    expect(data.playlistChanged.cursor).toBe('c1');
    expect(errors).toEqual([
      {
        message: 'Something went wrong on our side.',
        path: ['playlistChanged', 'playlist', 'items'],
        extensions: { code: 'INTERNAL', requestId: 'request-7' },
      },
    ]);
    upstream.push(event('CHANGED', 'c2'), 'c2');
    expect(await client.next()).toMatchObject({ data: { playlistChanged: { cursor: 'c2' } } });
    client.close();
  });

  it('says NOT_FOUND where an event refers to what is gone', async () => {
    const { client, upstream } = await openOwn();
    const { playlistChanged } = event('STARTED', 'c1');
    const gone = { __typename: 'Track', id: ids.unknown };
    const items = { nodes: [{ track: gone }] };
    upstream.push(
      { playlistChanged: { ...playlistChanged, playlist: { ...playlistChanged.playlist, items } } },
      'c1',
    );
    const { data, errors } = await client.next();
    expect(data.playlistChanged.playlist.items.nodes).toEqual([{ track: null }]);
    expect(errors).toMatchObject([
      {
        path: ['playlistChanged', 'playlist', 'items', 'nodes', 0, 'track'],
        extensions: { code: 'NOT_FOUND' },
      },
    ]);
    client.close();
  });

  it('tells why it ended, and ends', async () => {
    const { client, upstream } = await openOwn('request-8');
    upstream.push(event('STARTED', 'c1'), 'c1');
    upstream.end('NOT_FOUND');
    expect((await client.next()).data.playlistChanged.cursor).toBe('c1');
    expect(await client.next()).toEqual({
      errors: [{ message: 'ended', extensions: { code: 'NOT_FOUND', requestId: 'request-8' } }],
    });
    expect(await client.next()).toBeUndefined();
    expect(client.ended).toBe('COMPLETE');
  });
});

describe('what may not run', () => {
  const root = `playlistChanged(id: "${ids.playlist}")`;
  it.each([
    ['two root fields', `subscription { ${root} { kind } playCountChanged(trackId: "1") { kind } }`, 400],
    ['no root field', `subscription { ${root} @include(if: false) { kind } }`, 400],
    [
      'a root field that may be skipped',
      `subscription ($no: Boolean! = false) { ${root} @skip(if: $no) { kind } }`,
      400,
    ],
    ['a fragment that may be skipped', `subscription { ... @skip(if: false) { ${root} { kind } } }`, 400],
    ['an unknown field', `subscription { ${root} { nothing } }`, 400],
    ['a missing variable', 'subscription ($id: ID!) { playlistChanged(id: $id) { kind } }', 400],
    [
      'too much',
      `subscription { ${root} { playlist { items(first: 100) { nodes { track { artists { topTracks(first: 100) { nodes { artists { topTracks(first: 100) { nodes { id } } } } } } } } } } } }`,
      400,
    ],
    ['scopes that nobody holds', 'subscription { livePlays { kind } }', 401],
    ['a query', '{ me { id } }', 400],
    ['no GraphQL', 'subscription {', 400],
  ])('is refused: %s', async (_, query, status) => {
    const begun = playlists.streams.length;
    const refused = await refusalOf(subscriptions, query);
    expect(refused.status).toBe(status);
    const { errors } = JSON.parse(refused.body);
    expect(['BAD_USER_INPUT', 'COST_EXCEEDED', 'UNAUTHENTICATED']).toContain(errors[0].extensions.code);
    expect(errors[0].extensions.requestId).toBe('request-1');
    expect(playlists.streams).toHaveLength(begun);
  });

  it('is refused in the words that queries are refused in', async () => {
    const variables = { first: 'many' };
    const inner = 'items(first: $first) { nodes { id } }';
    const id = `id: "${ids.playlist}"`;
    const asked = `($first: Int) { playlist(${id}) { ${inner} } }`;
    const query = await ask(router, `query ${asked}`, { variables });
    const live = await refusalOf(
      subscriptions,
      `subscription ($first: Int) { playlistChanged(${id}) { playlist { ${inner} } } }`,
      { variables },
    );
    const told = JSON.parse(live.body).errors[0];
    expect(told).toEqual({ ...query.errors[0], locations: told.locations });
    expect(live.status).toBe(query.status);
  });

  it('lacks a scope that the credential has not', async () => {
    const refused = await refusalOf(subscriptions, 'subscription { livePlays { kind } }', {
      token: 'listener',
    });
    expect(refused.status).toBe(403);
    expect(JSON.parse(refused.body).errors[0].extensions.missingScopes).toEqual(['analytics:read']);
  });

  it('is told by 401 how to come back when a token is not good', async () => {
    const refused = await refusalOf(subscriptions, `subscription { ${root} { kind } }`, { token: 'forged' });
    expect(refused.status).toBe(401);
    expect(refused.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
  });

  it('is refused by the subgraph as a query would be', async () => {
    const index = playlists.streams.length;
    const opening = refusalOf(subscriptions, `subscription { ${root} { kind } }`);
    (await playlists.stream(index)).refuse('NOT_FOUND', 'There is no such playlist.');
    const refused = await opening;
    expect(refused.status).toBe(404);
    expect(JSON.parse(refused.body)).toEqual({
      errors: [
        { message: 'There is no such playlist.', extensions: { code: 'NOT_FOUND', requestId: 'request-1' } },
      ],
    });
  });

  it('is what a subgraph out of reach begins', async () => {
    const index = playlists.streams.length;
    const opening = refusalOf(subscriptions, `subscription { ${root} { kind } }`);
    (await playlists.stream(index)).unreachable();
    const refused = await opening;
    expect(refused.status).toBe(503);
    expect(refused.codes).toEqual(['UPSTREAM_UNAVAILABLE']);
  });

  it('is a subscription by the way of queries', async () => {
    const { status, errors } = await ask(router, `subscription { ${root} { kind } }`);
    expect(status).toBe(400);
    expect(errors[0]?.message).toContain('text/event-stream');
    const elsewhere = await askPublic(router, `subscription { ${root} { kind } }`);
    expect(elsewhere.status).toBe(400);
    expect(elsewhere.errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});

describe('a client that is slow', () => {
  it('is left behind by others, and told when too much waits for it', async () => {
    const { client: fast, upstream } = await openOwn();
    const index = playlists.streams.length - 1;
    const slow = await open(query, { variables: { id: `own-${index}` } });
    for (let count = 1; count <= 65; count++) {
      upstream.push(event('CHANGED', `c${count}`), `c${count}`);
      expect((await fast.next()).data.playlistChanged.cursor).toBe(`c${count}`);
    }
    expect(slow.ended).toBe('TOO_SLOW');
    expect(await slow.next()).toBeUndefined();
    expect(upstream.left).toBe(false);
    fast.close();
    await upstream.whenLeft;
  });

  it('need not take what is replaced', async () => {
    const { client: fast, upstream } = await openOwn();
    const slow = await open(query, { variables: { id: `own-${playlists.streams.length - 1}` } });
    for (let count = 1; count <= 200; count++) {
      upstream.push(event('CHANGED', `c${count}`), `c${count}`, { replaces: true });
      await fast.next();
    }
    expect((await slow.next()).data.playlistChanged.cursor).toBe('c200');
    for (const client of [fast, slow]) client.close();
  });

  it('is not made more events for than it takes, when it is alone', async () => {
    const { client, upstream } = await openOwn();
    for (let count = 1; count <= 5; count++) upstream.push(event('CHANGED', `c${count}`), `c${count}`);
    await upstream.whenPulled(1);
    expect((await client.next()).data.playlistChanged.cursor).toBe('c1');
    await upstream.whenPulled(2);
    // The second was pulled as nothing waited; it waits now, so the third is not.
    expect((await client.next()).data.playlistChanged.cursor).toBe('c2');
    expect(upstream.pulls).toBeLessThanOrEqual(3);
    client.close();
  });

  it('is told after half a minute in which it took nothing', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    const { links, open } = await openLiveRouter();
    const variables = { id: ids.playlist };
    const own = 'subscription ($id: ID!) { playlistChanged(id: $id) { cursor } }';
    const opening = open(own, { variables });
    const upstream = await links.playlists.stream(0);
    upstream.accept();
    const slow = await opening;
    const fast = await open(own, { variables });
    upstream.push({ playlistChanged: { cursor: 'c1' } }, 'c1');
    await fast.next();
    vi.advanceTimersByTime(30_000);
    expect(slow.ended).toBeUndefined();
    vi.advanceTimersByTime(2_000);
    expect(slow.ended).toBe('TOO_SLOW');
    expect(fast.ended).toBeUndefined();
    fast.close();
    expect(upstream.left).toBe(true);
  });
});

/** A subgraph that answers nothing, and what was asked of it. */
function createHangingLink() {
  const asked: AbortSignal[] = [];
  const link: LiveSubgraphLink = {
    send({ signal }) {
      asked.push(signal);
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    },
    subscribe: () => Promise.reject(new Error('nobody subscribes')),
    close: async () => {},
  };
  return { asked, link };
}

describe('the completion of an event', () => {
  it('is given up when nobody waits for it any more, without a word of failure', async () => {
    const lines: string[] = [];
    const { asked, link } = createHangingLink();
    const logger = createLogger('router', 'warn', { write: (line) => lines.push(line) });
    const { links, open, readMetric } = await openLiveRouter({ logger }, link);
    const opening = open(query, { variables: { id: ids.playlist } });
    const upstream = await links.playlists.stream(0);
    upstream.accept();
    const client = await opening;
    upstream.push(event('STARTED', 'c1'), 'c1');
    await expect.poll(() => asked).toHaveLength(1);
    client.close();
    expect(asked[0]?.aborted).toBe(true);
    await expect.poll(() => readMetric('medley_router_upstream_streams{graph="whole"}')).toBe(0);
    expect(lines).toEqual([]);
  });
});

describe('at the end of the process', () => {
  it('does not wait for what is being completed', async () => {
    const { asked, link } = createHangingLink();
    const { links, open, subscriptions } = await openLiveRouter({ upstreamTimeoutMs: 60_000 }, link);
    const opening = open(query, { variables: { id: ids.playlist } });
    const upstream = await links.playlists.stream(0);
    upstream.accept();
    const client = await opening;
    upstream.push(event('STARTED', 'c1'), 'c1');
    await expect.poll(() => asked).toHaveLength(1);
    await subscriptions.drain();
    expect(asked[0]?.aborted).toBe(true);
    expect(client.ended).toBe('DRAINING');
  });

  it('tells all to come back, ends all that runs upstream, and begins nothing', async () => {
    const { subscriptions, links, open, readMetric } = await openLiveRouter();
    const opening = open(query, { variables: { id: ids.playlist } });
    const upstream = await links.playlists.stream(0);
    upstream.accept();
    const client = await opening;
    const waiting = client.next();
    await subscriptions.drain();
    expect(await waiting).toBeUndefined();
    expect(client.ended).toBe('DRAINING');
    expect(upstream.left).toBe(true);
    expect(await readMetric('medley_router_upstream_streams{graph="whole"}')).toBe(0);
    expect(await readMetric('medley_router_client_streams{graph="whole",transport="websocket"}')).toBe(0);
    const refused = await refusalOf(subscriptions, query, { variables: { id: ids.playlist } });
    expect(refused.status).toBe(503);
    expect(links.playlists.streams).toHaveLength(1);
  });
});
