import { createIdentityVerifier } from '@medley/identity';
import type { LinkedSubgraph } from '@medley/router';
import { createLogger, createMetrics } from '@medley/service';
import { parseSigningKeys } from '@medley/signing-keys';
import { createSubgraph, type LiveEvent, type SubgraphContext, startSubgraph } from '@medley/subgraph';
import { type Beat, type Bell, createBells, playBeat, type Sequences } from './bells.ts';
import { playlistId } from './operations.ts';
import { answer } from './questions.ts';

/**
 * A process with the four subgraphs that are asked, each on a port of its own: `packages/subgraph` as it is, with its HTTP, its signatures and its
 * event streams, over resolvers that answer from memory. The real ones would measure their databases.
 */
const keys = parseSigningKeys(`bench:${Buffer.alloc(32, 7).toString('base64url')}`);
const logger = createLogger('bench', 'error');
const bells = createBells(Number(process.argv[2]));
let openStreams = 0;

const id = (kind: string, number: number) => `${kind}_${String(number).padStart(26, '0')}`;
const at = '2026-11-23T08:30:00.000Z';
const tracks = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ __typename: 'Track', id: id('track', index + 1) }));
const users = Array.from({ length: 5 }, (_, index) => ({ __typename: 'User', id: id('user', index + 1) }));
const playlistItems = tracks(25).map((track, index) => ({
  id: id('item', index + 1),
  addedAt: at,
  addedBy: users[index % users.length],
  track,
}));

/** How the bell's thing is now, and again after each change: as the real ones, it looks only when it is asked. */
async function* watch<Event>(
  bell: Bell,
  signal: AbortSignal,
  toEvent: (bell: Bell, heard: number) => Event & LiveEvent,
): AsyncGenerator<Event & LiveEvent> {
  openStreams += 1;
  try {
    let heard = bell.sequence;
    yield toEvent(bell, heard);
    for (;;) {
      await bell.beyond(heard, signal);
      if (signal.aborted) return;
      const before = heard;
      heard = bell.sequence;
      yield toEvent(bell, before);
    }
  } finally {
    openStreams -= 1;
  }
}

const playlistEvent = ({ sequence, marker }: Bell, heard: number) => ({
  kind: sequence === heard ? 'STARTED' : 'CHANGED',
  cursor: `playlist-${String(sequence).padStart(8, '0')}`,
  replaces: false,
  edits: Array.from({ length: Math.min(sequence - heard, 100) }, (_, index) => ({
    operationId: `operation-${String(heard + index + 1).padStart(8, '0')}`,
    kind: 'ITEMS_ADDED',
    by: users[0],
    at,
    itemIds: [id('item', 1)],
  })),
  playlist: {
    id: playlistId,
    name: marker,
    itemCount: 25,
    followerCount: 10_000,
    updatedAt: at,
    items: { nodes: playlistItems },
  },
});

const playbackEvent = ({ sequence, marker }: Bell, heard: number) => ({
  kind: sequence === heard ? 'STARTED' : 'CHANGED',
  cursor: `playback-${String(sequence).padStart(8, '0')}`,
  replaces: true,
  state: {
    session: {
      id: id('session', 1),
      device: { id: 'kitchen', name: marker },
      track: { __typename: 'Track', id: id('track', 1) },
      positionMs: 60_000,
      paused: false,
      startedAt: at,
      expiresAt: at,
    },
    queue: {
      revision: sequence,
      currentIndex: 0,
      items: tracks(5).map((track) => ({ track })),
      updatedAt: at,
    },
  },
});

/** Each event under the name of its field, as graphql-js takes it for the root value. */
async function* under<Event>(field: string, events: AsyncIterable<Event>) {
  for await (const event of events) yield { [field]: event };
}

const resolvers = {
  playlists: {
    Subscription: {
      playlistChanged: {
        subscribe: (_: unknown, __: unknown, { request }: SubgraphContext) =>
          under('playlistChanged', watch(bells.playlist, request.signal, playlistEvent)),
      },
    },
  },
  streaming: {
    Subscription: {
      playbackStateChanged: {
        subscribe: (_: unknown, __: unknown, { request }: SubgraphContext) => {
          const { actor } = request;
          const bell =
            actor.kind === 'viewer' ? bells.own[Number(actor.id.slice(-8)) % bells.own.length] : undefined;
          if (!bell) throw new Error(`nothing is played by ${actor.kind}`);
          return under('playbackStateChanged', watch(bell, request.signal, playbackEvent));
        },
      },
    },
  },
  catalog: {
    Track: {
      __resolveReference: ({ id }: { id: string }) => ({
        id,
        title: `Track ${id.slice(-4)}`,
        durationMs: 200_000,
        explicit: false,
      }),
    },
  },
  users: {
    User: {
      __resolveReference: ({ id }: { id: string }) => ({ id, displayName: `Listener ${id.slice(-4)}` }),
    },
  },
};

async function serve(name: keyof typeof resolvers): Promise<string> {
  const subgraph = await createSubgraph({
    name,
    resolvers: resolvers[name],
    createContext: (request) => ({ request }),
    identity: createIdentityVerifier({ audience: name, keys }),
    logger,
  });
  const { url } = await startSubgraph(subgraph, {
    host: '127.0.0.1',
    port: 0,
    logger,
    metrics: createMetrics(),
  });
  return `${url}/graphql`;
}

/** Where each subgraph listens; the others are never asked. */
export type SubgraphUrls = Readonly<Partial<Record<LinkedSubgraph, string>>>;

const urls = {
  playlists: await serve('playlists'),
  streaming: await serve('streaming'),
  catalog: await serve('catalog'),
  users: await serve('users'),
};

const answers = {
  urls: (): SubgraphUrls => urls,
  beat: (beat: Beat): Promise<Sequences> => playBeat(bells, beat),
  /** How many subscriptions run here. */
  openStreams: () => openStreams,
};
export type SubgraphAnswers = typeof answers;
answer(answers);
