import { createCursors } from '@medley/connection';
import type { Actor } from '@medley/identity';
import { encodeId } from '@medley/ids';
import type { Subgraph } from '@medley/subgraph';
import { createTestCaller, createTestVerifier, silentLogger, testKeys } from '@medley/testing';
import { openTestCassandra } from '@medley/testing/cassandra';
import { openTestDatabase, testDatabaseKind } from '@medley/testing/database';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openCassandraUserData } from '../../src/adapters/cassandra-user-data.ts';
import { createMemoryRadioSessions } from '../../src/adapters/memory-radio-sessions.ts';
import { openRepositories } from '../../src/adapters/prisma-repositories.ts';
import { openPrismaUserData } from '../../src/adapters/prisma-user-data.ts';
import { createApp } from '../../src/app.ts';
import { foldPlays } from '../../src/domain/fold-plays.ts';
import type { HistoryPlay } from '../../src/domain/play-history.ts';
import type { TasteProfile } from '../../src/domain/taste-profile.ts';
import type { UserData } from '../../src/domain/user-data.ts';
import { idOf, states, told, uuidOf } from '../told-catalog.ts';
import { playOf } from '../user-data.ts';

const stores: (readonly [string, boolean])[] = [[testDatabaseKind, false]];
if (process.env.TEST_CASSANDRA_CONTACT_POINTS) stores.push(['Cassandra', true]);
else console.info('Cassandra is left out, as TEST_CASSANDRA_CONTACT_POINTS is not set.');

const ann = '00000009-0000-4000-8000-000000000001';
const actor: Actor = { kind: 'viewer', id: encodeId('user', ann), sessionId: 'session_1', scopes: [] };
interface HistoryPage {
  edges: { node: { id: string } }[];
  pageInfo: { endCursor: string };
}
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe.each(stores)('recommendations, what people do in %s', (_, inCassandra) => {
  const close: (() => Promise<void>)[] = [];
  let subgraph: Subgraph;
  let userData: UserData;
  let ask: ReturnType<typeof createTestCaller>['ask'];

  beforeAll(async () => {
    const database = await openTestDatabase('recommendations');
    close.push(() => database.close());
    const rows = openRepositories(database);
    close.push(() => rows.close());
    const cassandra = inCassandra ? await openTestCassandra('recommendations') : null;
    if (cassandra) close.push(() => cassandra.close());
    userData = cassandra ? openCassandraUserData(cassandra.cassandra) : openPrismaUserData(database);
    close.push(() => userData.close());
    await fillRows(rows);
    subgraph = await createApp({
      ...userData,
      facts: rows.facts,
      models: rows.models,
      mixMaker: { async makeIfDue() {} },
      radioSessions: createMemoryRadioSessions(),
      caughtUp: { wait: async () => true },
      lag: { lag: () => ({ asOf: new Date(), eventLagMs: 0 }) },
      followed: { readLag: async () => [] },
      archive: { archivedUntil: async () => null },
      async *updates() {},
      cursors: createCursors(testKeys),
      identity: createTestVerifier('recommendations'),
      logger: silentLogger,
    });
    close.push(() => subgraph.stop());
    ({ ask } = createTestCaller(subgraph));
    await play(
      range(1, 5).map((index) =>
        playOf(ann, { trackId: uuidOf('track', index), playedAt: minutesAgo(index) }),
      ),
    );
  });
  afterAll(async () => {
    for (const closing of close.reverse()) await closing();
  });

  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

  async function play(plays: readonly HistoryPlay[]): Promise<void> {
    await userData.history.record(plays);
    const heard = plays.map(({ eventId, trackId, playedAt, context }) => ({
      ...{ eventId, trackId, context },
      playedAt: playedAt.getTime(),
      signal: 1,
      place: null,
      toldAt: playedAt.getTime(),
    }));
    const profile = foldPlays(null, ann, heard, () => ({ artistIds: [uuidOf('artist', 1)], genreIds: [] }));
    await userData.profiles.save([profile as TasteProfile]);
  }

  /** A hundred tracks by ten artists; each track's neighbours are the next twenty. */
  async function fillRows({ catalogCopy, modelWriter }: ReturnType<typeof openRepositories>): Promise<void> {
    await catalogCopy.save(
      states({
        genres: [told.genre('house')],
        artists: range(0, 9).map((name) => told.artist(String(name), { genres: ['house'] })),
        albums: [told.album('sky', { artists: ['0'], releasedOn: new Date().toISOString().slice(0, 10) })],
        tracks: range(0, 99).map((name) =>
          told.track(name, {
            artists: [name % 10],
            genres: ['house'],
            markets: name % 4 === 3 ? ['US'] : ['DE', 'US'],
            ...(name % 10 === 0 && { album: 'sky' }),
          }),
        ),
      }),
    );
    const { id } = await modelWriter.begin({ method: 'item-knn', engine: 'embedded' });
    await modelWriter.writeNeighbours(
      id,
      'TRACK',
      range(0, 99).map((name) => ({
        itemId: uuidOf('track', name),
        neighbours: range(1, 20).map((step) => ({
          id: uuidOf('track', (name + step) % 100),
          score: 1 - step / 21,
          reason: 'LISTENED_TOGETHER',
        })),
      })),
    );
    await modelWriter.writePopular(
      id,
      '*',
      range(50, 99).map((name) => uuidOf('track', name)),
    );
    await modelWriter.noteFigures(id, {
      plays: 1,
      users: 1,
      tracks: 100,
      playsUntil: null,
      coverage: 1,
      recall: null,
    });
    await modelWriter.swapIn(id, new Date());
  }

  it('answers a whole page: what is similar, a radio, shelves, what was played, what is played most, and how all stands', async () => {
    await userData.library.record([
      { userId: ann, itemId: idOf('artist', 0), version: 1, inLibrary: true, at: new Date() },
    ]);
    const mixId = '00000008-0000-4000-8000-000000000001';
    await userData.mixes.save([
      {
        id: mixId,
        userId: ann,
        kind: 'DISCOVER_WEEKLY',
        slot: 1,
        title: 'Discover Weekly',
        description: 'New to you',
        madeAt: minutesAgo(60),
        fixedUntil: new Date(Date.now() + 86_400_000),
        artistIds: [],
        tracks: range(20, 60).map((name) => ({
          trackId: uuidOf('track', name),
          reason: 'FITS_TASTE',
          because: null,
        })),
        model: null,
        asOf: minutesAgo(60),
      },
    ]);
    const answer = () =>
      ask<{
        radio: { edges: { node: { id: string } }[] };
        _entities: [
          { similar: { edges: { node: { id: string } }[] } },
          {
            recommendations: { shelves: { kind: string; title: string; items: object[] }[] };
            recentlyPlayed: { edges: { node: { id: string } }[] };
            top: { tracks: { edges: { plays: number }[] }; artists: { edges: object[] } };
            mixes: { id: string; tracks: { edges: object[] } }[];
          },
        ];
        recommendationsStatus: { model: { version: string; method: string } };
      }>(
        `query ($track: ID!, $user: ID!) {
        radio(seed: $track, first: 20) { edges { node { id } recommendation { message } } }
        recommendationsStatus { model { version method coverage } }
        _entities(representations: [{ __typename: "Track", id: $track }, { __typename: "Viewer", id: $user }]) {
          ... on Track { similar(first: 5) { edges { node { id } recommendation { message model { version } } } } }
          ... on Viewer {
            recommendations { shelves { kind title items { item { __typename } recommendation { message asOf } } } }
            recentlyPlayed(first: 3) { edges { node { id } playedAt } }
            top(range: ALL_TIME) { tracks(first: 10) { edges { plays } } artists(first: 10) { edges { node { id } plays } } }
            mixes { id tracks(first: 100) { edges { node { id } } } } } } }`,
        { track: idOf('track', 0), user: actor.id },
        { actor: { ...actor, scopes: ['analytics:read'] }, market: 'DE' },
      );
    // On a busy machine something may come too late, and is left out.
    const { data } = await vi.waitUntil(
      async () => {
        const { data, errors } = await answer();
        const kinds = new Set(data._entities[1].recommendations.shelves.map(({ kind }) => kind));
        return !errors && kinds.size === 5 && { data };
      },
      { timeout: 20_000, interval: 100 },
    );
    const [track, me] = data._entities;
    expect(track.similar.edges.map(({ node }) => node.id)).toEqual(
      [1, 2, 4, 5, 6].map((name) => idOf('track', name)),
    );
    expect(data.radio.edges).toHaveLength(20);
    expect(new Set(me.recommendations.shelves.map(({ kind }) => kind))).toEqual(
      new Set(['BECAUSE_YOU_LISTENED', 'MADE_FOR_YOU', 'NEW_FROM_FOLLOWED', 'FITS_TASTE', 'POPULAR']),
    );
    expect(me.recentlyPlayed.edges.map(({ node }) => node.id)).toEqual(
      [1, 2, 3].map((name) => idOf('track', name)),
    );
    expect(me.top.tracks.edges).toHaveLength(5);
    expect(me.top.artists.edges).toHaveLength(5);
    expect(me.mixes).toMatchObject([{ id: encodeId('mix', mixId) }]);
    expect(me.mixes[0]?.tracks.edges).toHaveLength(30);
    expect(data.recommendationsStatus.model).toMatchObject({ method: 'item-knn', coverage: 1 });
  });

  it('pages through a history by what the store keeps of time', async () => {
    const found: string[] = [];
    let after: string | null = null;
    for (let page = 0; page < 5; page++) {
      const answer: { data: { _entities: [{ recentlyPlayed: HistoryPage }] } } = await ask(
        `query ($user: ID!, $after: String) { _entities(representations: [{ __typename: "Viewer", id: $user }]) {
          ... on Viewer { recentlyPlayed(first: 1, after: $after) { edges { node { id } } pageInfo { endCursor } } } } }`,
        { user: actor.id, after },
        { actor },
      );
      const { edges, pageInfo } = answer.data._entities[0].recentlyPlayed;
      found.push(...edges.map(({ node }) => node.id));
      after = pageInfo.endCursor;
    }
    expect(found).toEqual(range(1, 5).map((name) => idOf('track', name)));
  });
});
