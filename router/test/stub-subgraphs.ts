import { unauthenticated } from '@medley/errors';
import { readPublicSupergraphSdl, readSupergraphSdl } from '@medley/schema';
import { createMetrics } from '@medley/service';
import { createSubgraph, type RequestInfo, type Subgraph } from '@medley/subgraph';
import { createInProcessLink, type LiveSubgraphLink } from '@medley/subgraph-link';
import { createTestVerifier, silentLogger, testKeys } from '@medley/testing';
import { afterAll } from 'vitest';
import {
  type Credential,
  createMemoryRateLimiter,
  createRouter,
  type HandleOperation,
  type LinkedSubgraph,
  type PublicGraphOptions,
  type RouterOptions,
} from '../src/app.ts';

/** Small subgraphs with the real schemas: one track, artist, user and playlist, and what the tests put in their place. */
export const ids = {
  track: 'track_00000000000000000000000001',
  stale: 'track_00000000000000000000000002',
  unknown: 'track_00000000000000000000000009',
  artist: 'artist_00000000000000000000000001',
  user: 'user_00000000000000000000000001',
  session: 'session_00000000000000000000000001',
  playlist: 'playlist_00000000000000000000000001',
};

const track = {
  __typename: 'Track',
  id: ids.track,
  title: 'One',
  durationMs: 1_000,
  explicit: false,
  popularity: 3,
};
const artist = { __typename: 'Artist', id: ids.artist, name: 'Somebody', popularity: 7, genres: [] };
const page = (nodes: unknown[]) => ({
  edges: nodes.map((node, index) => ({ cursor: String(index), node })),
  nodes,
  pageInfo: { hasNextPage: false, hasPreviousPage: false },
});

type Resolvers = Record<string, Record<string, unknown>>;

const analyticsResolvers: Resolvers = {
  Track: { playCount: () => 3_000_000_000 },
  Artist: { stats: () => null },
};

const recommendationsResolvers: Resolvers = {
  Track: { similar: () => ({ edges: [], pageInfo: page([]).pageInfo, empty: null }) },
  Mix: { __resolveReference: () => null },
};

const catalogResolvers: Resolvers = {
  Query: {
    track: (_: unknown, { id }: { id: string }) => (id === ids.track ? track : null),
    artists: () => page([artist]),
    genre: () => {
      throw new Error('select * from secrets failed at 10.0.0.7');
    },
  },
  Track: {
    __resolveReference: ({ id }: { id: string }) => (id === ids.track ? track : null),
    artists: () => [artist],
    availableMarkets: () => ['DE'],
  },
  Artist: {
    __resolveReference: ({ id }: { id: string }) => (id === ids.artist ? artist : null),
    // The second one is gone from the catalog, but something still refers to it.
    topTracks: () => page([track, track]),
  },
  Album: { __resolveReference: () => null },
  Genre: { __resolveReference: () => null },
};

const playlist = {
  __typename: 'Playlist',
  id: ids.playlist,
  name: 'Mine',
  privacy: 'PUBLIC',
  itemCount: 1,
  followerCount: 2,
  snapshotId: 'snapshot_1',
  collaborators: [],
  coverAlbums: [],
  owner: { __typename: 'User', id: ids.user },
};
const item = { id: 'item_00000000000000000000000001', addedAt: '2026-11-23T08:00:00.000Z', track };

const playlistsResolvers: Resolvers = {
  Query: {
    playlist: (_: unknown, { id }: { id: string }) => (id === ids.playlist ? playlist : null),
  },
  Playlist: {
    __resolveReference: ({ id }: { id: string }) => (id === ids.playlist ? playlist : null),
    items: () => page([item]),
  },
  Viewer: { library: () => ({}) },
  User: { playlists: () => page([playlist]) },
  Track: { viewerHasSaved: () => null },
  Album: { viewerHasSaved: () => null },
  Artist: { viewerFollows: () => null },
};

const searchResolvers: Resolvers = {
  Query: {
    search: () => ({
      topResult: { item: { __typename: 'Track', id: ids.track } },
      tracks: foundPage([{ __typename: 'Track', id: ids.track }], { title: 'One', highlights: [] }),
      playlists: foundPage([{ __typename: 'Playlist', id: ids.playlist }]),
    }),
    searchSuggestions: () => [
      { text: 'One', highlights: [{ start: 0, end: 1 }], item: { __typename: 'Track', id: ids.track } },
    ],
  },
};

function foundPage(nodes: unknown[], entry: object = {}) {
  const { edges, ...rest } = page(nodes);
  return { ...rest, edges: edges.map((edge) => ({ ...edge, ...entry })) };
}

const streamingResolvers: Resolvers = {
  Query: {
    playbackUrl: (_: unknown, { trackId }: { trackId: string }) => ({
      __typename: 'SignInRequired',
      decisionId: 'decision_1',
      code: 'SIGN_IN_REQUIRED',
      message: 'Sign in first.',
      track: { __typename: 'Track', id: trackId },
    }),
  },
  Mutation: {
    playbackReport: (_: unknown, { input }: { input: { events: { id: string }[] } }) => ({
      results: input.events.map(({ id }) => ({ id, status: 'STORED', counted: true })),
      userErrors: [],
    }),
  },
  Track: {
    playability: () => ({ playable: false, code: 'SIGN_IN_REQUIRED', message: 'Sign in first.' }),
  },
};

const usersResolvers: Resolvers = {
  Query: {
    me: (_: unknown, __: unknown, { request: { actor } }: { request: RequestInfo }) =>
      actor.kind === 'viewer'
        ? {
            id: ids.user,
            email: 'me@medley.example',
            country: 'DE',
            tier: 'FREE',
            allowsExplicit: true,
            sessions: [],
          }
        : null,
    user: () => ({ __typename: 'User', id: ids.user, displayName: 'Me' }),
  },
  Mutation: {
    userTierSet: () => ({ tier: 'PREMIUM', userErrors: [] }),
    sessionSignOut: () => ({ endedSessions: 1, userErrors: [] }),
  },
  User: {
    __resolveReference: ({ id }: { id: string }) => (id === ids.user ? { id, displayName: 'Me' } : null),
  },
};

export interface Stubs {
  readonly subgraphs: Record<LinkedSubgraph, Subgraph>;
  readonly links: Record<LinkedSubgraph, LiveSubgraphLink>;
  /** What each subgraph got to know of its requests, the oldest first. */
  readonly requests: Record<LinkedSubgraph, RequestInfo[]>;
  /** The bodies that each subgraph was sent. */
  readonly bodies: Record<LinkedSubgraph, string[]>;
  stop(): Promise<void>;
}

const noLists = () => ({
  analytics: [],
  catalog: [],
  playlists: [],
  recommendations: [],
  search: [],
  streaming: [],
  users: [],
});

export async function createStubs(): Promise<Stubs> {
  const requests: Stubs['requests'] = noLists();
  const bodies: Stubs['bodies'] = noLists();
  const create = (name: LinkedSubgraph, resolvers: object) =>
    createSubgraph({
      name,
      resolvers,
      createContext: (request) => {
        requests[name].push(request);
        return { request };
      },
      identity: createTestVerifier(name),
      logger: silentLogger,
    });
  const subgraphs = {
    analytics: await create('analytics', analyticsResolvers),
    catalog: await create('catalog', catalogResolvers),
    playlists: await create('playlists', playlistsResolvers),
    recommendations: await create('recommendations', recommendationsResolvers),
    search: await create('search', searchResolvers),
    streaming: await create('streaming', streamingResolvers),
    users: await create('users', usersResolvers),
  };
  const link = (name: LinkedSubgraph): LiveSubgraphLink => {
    const inner = createInProcessLink(name, subgraphs[name]);
    return {
      ...inner,
      send(request) {
        bodies[name].push(request.body);
        return inner.send(request);
      },
    };
  };
  return {
    subgraphs,
    links: {
      analytics: link('analytics'),
      catalog: link('catalog'),
      playlists: link('playlists'),
      recommendations: link('recommendations'),
      search: link('search'),
      streaming: link('streaming'),
      users: link('users'),
    },
    requests,
    bodies,
    async stop() {
      await Promise.all(Object.values<Subgraph>(subgraphs).map((subgraph) => subgraph.stop()));
    },
  };
}

const credentials: Record<string, Credential> = {
  listener: viewer([]),
  admin: viewer(['users:admin']),
  owner: viewer(['catalog:write']),
};

function viewer(scopes: string[]): Credential {
  return {
    actor: { kind: 'viewer', id: ids.user, sessionId: ids.session, scopes },
    country: 'BR',
    explicit: false,
  };
}

/** A router for tests. The tokens `listener`, `admin` and `owner` are good; 91.64.0.1 is in Germany. */
export const createTestRouter = (options: Partial<RouterOptions> & Pick<RouterOptions, 'links'>) =>
  createRouter({
    supergraphSdl: readSupergraphSdl(),
    identityKeys: {
      analytics: testKeys,
      catalog: testKeys,
      playlists: testKeys,
      recommendations: testKeys,
      search: testKeys,
      streaming: testKeys,
      users: testKeys,
    },
    verifyCredential: async (token) => {
      const credential = credentials[token];
      if (!credential) throw unauthenticated('The access token is not valid.');
      return credential;
    },
    geo: { countryOf: (address) => (address === '91.64.0.1' ? 'DE' : null) },
    logger: silentLogger,
    metrics: createMetrics(),
    upstreamTimeoutMs: 1_500,
    ...options,
  });

/** The public graph as it is committed, without a limit that tests could reach. */
export const testPublicGraph = (options: Partial<PublicGraphOptions> = {}): PublicGraphOptions => ({
  supergraphSdl: readPublicSupergraphSdl(),
  rateLimiter: createMemoryRateLimiter({ requests: 1_000_000, windowSeconds: 60 }),
  ...options,
});

/** A router over stubs, for a test file as a whole: both are stopped behind its last test. */
export async function openTestRouter(options: Partial<RouterOptions> = {}) {
  const stubs = await createStubs();
  const router = await createTestRouter({ links: stubs.links, ...options });
  afterAll(async () => {
    await router.stop();
    await stubs.stop();
  });
  return { stubs, router };
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of all shapes
  readonly data: any;
  readonly errors: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
  readonly text: string;
}

/** Asks a router without HTTP. */
export const ask = (router: Awaited<ReturnType<typeof createRouter>>, query: string, options?: AskOptions) =>
  askBy(router.execute, query, options);

/** Asks the public graph of a router without HTTP. */
export const askPublic = (
  router: Awaited<ReturnType<typeof createRouter>>,
  query: string,
  options?: AskOptions,
) => askBy(router.executePublic as HandleOperation, query, options);

async function askBy(
  execute: HandleOperation,
  query: string,
  { variables, operationName, token, address }: AskOptions = {},
): Promise<Answer> {
  const response = await execute({
    body: { query, variables, operationName },
    authorization: token && `Bearer ${token}`,
    address,
    requestId: 'request-1',
  });
  const { data, errors = [], ...rest } = JSON.parse(response.body);
  return { status: response.status, headers: response.headers, data, errors, text: response.body, ...rest };
}

export interface AskOptions {
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
  readonly token?: string;
  readonly address?: string;
}
