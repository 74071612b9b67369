import { createCursors } from '@medley/connection';
import type { Actor } from '@medley/identity';
import { encodeId, importedUuid } from '@medley/ids';
import { createTestCaller, createTestVerifier, silentLogger, testKeys } from '@medley/testing';
import { createMemoryRadioSessions } from '../../src/adapters/memory-radio-sessions.ts';
import { type AppDependencies, createApp } from '../../src/app.ts';
import type { ArtistFacts, TrackFacts } from '../../src/domain/catalog-facts.ts';
import { InvalidTokenError } from '../../src/domain/caught-up.ts';
import { fixedMixes, type Mix } from '../../src/domain/mixes.ts';
import type { HistoryPlay } from '../../src/domain/play-history.ts';
import type { LibraryEntry, RecentPlay, TasteProfile } from '../../src/domain/taste-profile.ts';
import { createMemoryFacts } from './memory-facts.ts';
import { aModel, createMemoryModels, listKey } from './memory-models.ts';

type Kind = 'track' | 'artist' | 'album' | 'genre' | 'user' | 'mix' | 'playlist';
export const uuidOf = (kind: Kind, name: string | number) =>
  importedUuid('test', kind as never, String(name));
export const idOf = (kind: Kind, name: string | number) => encodeId(kind, uuidOf(kind, name));

export const now = new Date('2026-11-23T12:00:00.000Z');

/** A play that a profile keeps, so many minutes ago. */
export const recentPlay = (
  track: string | number,
  minutesAgo: number,
  play: Partial<RecentPlay> = {},
): RecentPlay => ({
  eventId: uuidOf('track', `${track} ${minutesAgo}`),
  trackId: uuidOf('track', track),
  playedAt: now.getTime() - minutesAgo * 60_000,
  signal: 1,
  credited: true,
  context: null,
  ...play,
});

/** The recommendations subgraph on stores in memory that a test fills, breaks and holds up. */
export async function openRecommendations(given: Partial<AppDependencies> = {}) {
  const facts = createMemoryFacts();
  const models = createMemoryModels();
  const profiles = new Map<string, TasteProfile>();
  const plays: HistoryPlay[] = [];
  const entries: LibraryEntry[] = [];
  const mixes = new Map<string, Mix>();
  const world = {
    facts,
    models,
    profiles,
    plays,
    entries,
    mixes,
    now: now.getTime(),
    lag: { asOf: new Date('2026-11-23T11:59:59.000Z'), eventLagMs: 12 as number | null },
    caughtUp: true,
    madeFor: [] as string[],
    archivedUntil: null as Date | null,
  };
  let radios = 0;
  const subgraph = await createApp({
    facts,
    models,
    profiles: {
      find: async (ids) =>
        new Map(
          ids.flatMap((id) => {
            const profile = profiles.get(id);
            return profile ? [[id, profile] as const] : [];
          }),
        ),
    },
    history: {
      async page({ userId, after, limit }) {
        const own = plays
          .filter((play) => play.userId === userId)
          .sort(
            (one, other) =>
              other.playedAt.getTime() - one.playedAt.getTime() || (one.eventId < other.eventId ? -1 : 1),
          );
        const index = after ? own.findIndex(({ eventId }) => eventId === after.eventId) + 1 : 0;
        return own.slice(index, index + limit);
      },
      async countsByTrack({ userId, from }) {
        const counts = new Map<string, number>();
        for (const play of plays) {
          if (play.userId !== userId || !play.counted || (from && play.playedAt < from)) continue;
          counts.set(play.trackId, (counts.get(play.trackId) ?? 0) + 1);
        }
        return counts;
      },
    },
    library: { find: async (userId) => entries.filter((entry) => entry.userId === userId) },
    mixes: {
      findByIds: async (ids) => new Map([...mixes].filter(([id]) => ids.includes(id))),
      findOfUser: async (userId, at) =>
        fixedMixes(
          [...mixes.values()].filter((mix) => mix.userId === userId),
          at,
        ),
    },
    mixMaker: {
      async makeIfDue(userId) {
        world.madeFor.push(userId);
      },
    },
    radioSessions: createMemoryRadioSessions({ clock: () => world.now }),
    caughtUp: {
      async wait(_, token) {
        if (token === 'forged') throw new InvalidTokenError(token);
        return world.caughtUp;
      },
    },
    lag: { lag: () => world.lag },
    followed: {
      readLag: async () => [{ topic: 'streaming.play-events.v1', group: 'recommendations.plays', behind: 7 }],
    },
    archive: { archivedUntil: async () => world.archivedUntil },
    async *updates() {},
    cursors: createCursors(testKeys),
    identity: createTestVerifier('recommendations'),
    logger: silentLogger,
    clock: () => world.now,
    // The same radios in each run.
    newRadioSession: () => `radio ${++radios}`,
    ...given,
  });
  const { ask } = createTestCaller(subgraph);

  return {
    ...world,
    world,
    ask,
    /** Nobody who is known, in a market. */
    asAnonymous: <Data>(query: string, variables = {}, as = {}) =>
      ask<Data>(query, variables, { market: 'DE', ...as }),
    /** An account, in a market. */
    signIn(name: string, { market = 'DE' as string | null, explicit = true } = {}) {
      const id = idOf('user', name);
      const actor: Actor = { kind: 'viewer', id, sessionId: 'session_1', scopes: [] };
      return {
        id,
        userId: uuidOf('user', name),
        ask: <Data>(query: string, variables = {}) =>
          ask<Data>(query, variables, { actor, market, explicit }),
        /** Fields of `Viewer`, as the router asks for them. */
        async me<Data>(selection: string, variables: Record<string, unknown> = {}, of = id) {
          const declared = Object.keys(variables).map((name) => `, $${name}: String`);
          const query = `query ($id: ID!${declared.join('')}) {
            _entities(representations: [{ __typename: "Viewer", id: $id }]) { ... on Viewer { ${selection} } } }`;
          const { data, errors } = await ask<{ _entities: [Data | null] }>(
            query,
            { id: of, ...variables },
            { actor, market, explicit },
          );
          return { me: data?._entities?.[0] as Data, errors };
        },
        /** What is known of the account's taste. */
        likes(profile: Partial<TasteProfile>) {
          const recent = profile.recent ?? [];
          profiles.set(uuidOf('user', name), {
            userId: uuidOf('user', name),
            version: 1,
            decayedTo: now.getTime(),
            tracks: recent.map(({ trackId, signal }) => ({ id: trackId, weight: signal })),
            artists: [],
            genres: [],
            taken: [],
            positions: {},
            asOf: now.getTime(),
            ...profile,
            recent,
          });
        },
      };
    },
    /** A track; by one artist, in DE and US, unless told otherwise. */
    track(
      name: string | number,
      { by = 'ann', ...track }: Partial<TrackFacts> & { by?: string | string[] } = {},
    ) {
      const artistIds = [by].flat().map((artist) => uuidOf('artist', artist));
      for (const artist of [by].flat()) addArtist(artist);
      const row: TrackFacts = {
        id: uuidOf('track', name),
        title: `Track ${name}`,
        explicit: false,
        withdrawn: false,
        popularity: 10,
        albumId: null,
        artistIds,
        genreIds: [],
        features: null,
        markets: new Set(['DE', 'US']),
        ...track,
      };
      facts.tracks.set(row.id, row);
      return row;
    },
    artist: addArtist,
    album(name: string, { by = 'ann', releasedOn = null as string | null } = {}) {
      const id = uuidOf('album', name);
      facts.albums.set(id, { id, title: name, artistIds: [uuidOf('artist', by)], releasedOn });
      return id;
    },
    /** Neighbours in the model, the most alike first. */
    alike(name: string | number, others: readonly (string | number)[], kind: 'TRACK' | 'ARTIST' = 'TRACK') {
      models.model = aModel;
      const of = kind === 'TRACK' ? 'track' : 'artist';
      models.lists.set(
        listKey(kind, uuidOf(of, name)),
        others.map((other, index) => ({
          id: uuidOf(of, other),
          score: 1 - index / (others.length + 1),
          reason: 'LISTENED_TOGETHER',
        })),
      );
    },
    mix(owner: string, tracks: readonly (string | number)[], mix: Partial<Mix> = {}): Mix {
      const made: Mix = {
        id: uuidOf('mix', `${owner} ${mixes.size}`),
        userId: uuidOf('user', owner),
        kind: 'DISCOVER_WEEKLY',
        slot: 1,
        title: 'Discover Weekly',
        description: 'New to you',
        madeAt: new Date('2026-11-23T00:00:00.000Z'),
        fixedUntil: new Date('2026-11-30T00:00:00.000Z'),
        artistIds: [],
        tracks: tracks.map((name) => ({
          trackId: uuidOf('track', name),
          reason: 'LISTENED_TOGETHER',
          because: null,
        })),
        model: { version: aModel.version, method: aModel.method, trainedAt: aModel.trainedAt },
        asOf: new Date('2026-11-22T23:00:00.000Z'),
        ...mix,
      };
      mixes.set(made.id, made);
      return made;
    },
  };

  function addArtist(name: string, artist: Partial<ArtistFacts> = {}): ArtistFacts {
    const id = uuidOf('artist', name);
    const known = facts.artists.get(id);
    const row = { id, name, popularity: 10, genreIds: [], ...known, ...artist };
    facts.artists.set(id, row);
    return row;
  }
}
export type Recommendations = Awaited<ReturnType<typeof openRecommendations>>;

/** Public ids of tracks by their names. */
export const trackIds = (names: readonly (string | number)[]) => names.map((name) => idOf('track', name));
