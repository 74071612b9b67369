import { randomUUID } from 'node:crypto';
import { createCursors } from '@medley/connection';
import type { EventLog } from '@medley/event-log';
import type { Actor } from '@medley/identity';
import { encodeId } from '@medley/ids';
import { createChangeNotifier } from '@medley/live';
import { createServiceCaller } from '@medley/service-caller';
import { createInProcessLink } from '@medley/subgraph-link';
import {
  createTestCaller,
  createTestVerifier,
  silentLogger,
  testKeys,
  testServiceKeys,
} from '@medley/testing';
import { openTestDatabase } from '@medley/testing/database';
import { createLinkPeer } from '../../src/adapters/link-peer.ts';
import { openRepositories } from '../../src/adapters/prisma-repositories.ts';
import { type AppDependencies, changeTopics, createApp } from '../../src/app.ts';
import { type FoundMix, MixesUnavailableError, type MixToFind } from '../../src/domain/mix-directory.ts';

/** What a payload has in these tests; `items` only where the mutation adds some. */
export interface Payload {
  playlist: PlaylistAnswer | null;
  items?: { id: string; track: { id: string } }[];
  snapshotId: string | null;
  deletedPlaylistId?: string | null;
  userErrors: { field: string[] | null; code: string; message: string }[];
}
export interface PlaylistAnswer {
  id: string;
  name: string;
  description: string | null;
  privacy: string;
  snapshotId: string;
  itemCount: number;
  viewerCanEdit: boolean;
  collaborators: { id: string }[];
  items: { nodes: { id: string; track: { id: string }; addedBy: { id: string } | null; addedAt: string }[] };
}

const shown = `id name description privacy snapshotId itemCount viewerCanEdit collaborators { id }
  items(first: 100) { nodes { id track { id } addedBy { id } addedAt } }`;
const userErrors = 'userErrors { field code message }';
export const readPlaylist = `query ($id: ID!) { playlist(id: $id) { ${shown} } }`;

/** The selections of the payloads, and so the mutations that there are. */
const withItems = `playlist { ${shown} } items { id track { id } } snapshotId ${userErrors}`;
const withoutItems = `playlist { ${shown} } snapshotId ${userErrors}`;
const payloads = {
  Create: withItems,
  CreateFromMix: withItems,
  Rename: withoutItems,
  Describe: withoutItems,
  PrivacySet: withoutItems,
  Delete: `deletedPlaylistId ${userErrors}`,
  CollaboratorAdd: withoutItems,
  CollaboratorRemove: withoutItems,
  ItemsAdd: withItems,
  ItemsRemove: withoutItems,
  ItemsMove: withoutItems,
  ItemsReplace: withItems,
};
export type EditName = keyof typeof payloads;

export const newOperationId = () => randomUUID();
export const trackId = (number: number) =>
  encodeId('track', `00000001-0000-4000-8000-${number.toString(16).padStart(12, '0')}`);
export const albumIdOf = (number: number) =>
  encodeId('album', `00000002-0000-4000-8000-${number.toString(16).padStart(12, '0')}`);
export const userId = (number: number) =>
  encodeId('user', `00000009-0000-4000-8000-${number.toString(16).padStart(12, '0')}`);

/**
 * The playlists subgraph of one region, on a database of its own, with a catalog, accounts and a clock that tests set.
 * @param log where its processes hear of what others did; without one each hears of itself only
 */
export async function openReplica(replica = 'test', { log }: { log?: EventLog } = {}) {
  const database = await openTestDatabase('playlists');
  const repositories = openRepositories(database);
  const world = {
    now: Date.parse('2026-11-23T08:00:00.000Z'),
    catalogIsAway: false,
    unknownTracks: new Set<string>(),
    albumOf: new Map<string, string>(),
    unknownAccounts: new Set<string>(),
    mixes: new Map<string, FoundMix & { readonly ownerId: string }>(),
    recommendationsAreAway: false,
    /** What was asked of recommendations last. */
    askedMix: null as MixToFind | null,
  };
  const dependencies = {
    ...repositories,
    catalog: {
      async findEntities(ids) {
        if (world.catalogIsAway) return null;
        const known = ids.filter((id) => !world.unknownTracks.has(id));
        return new Map(known.map((id) => [id, { albumId: world.albumOf.get(id) ?? null }]));
      },
    },
    accounts: {
      findActive: async (ids) =>
        world.catalogIsAway ? null : new Set(ids.filter((id) => !world.unknownAccounts.has(id))),
    },
    mixes: {
      async find(asked) {
        if (world.recommendationsAreAway) throw new MixesUnavailableError(new Error('http://10.0.0.1'));
        world.askedMix = asked;
        const mix = world.mixes.get(asked.mixId);
        return mix?.ownerId === asked.ownerId ? mix : null;
      },
    },
    cursors: createCursors(testKeys),
    identity: createTestVerifier('playlists'),
    logger: silentLogger,
    replica,
    clock: () => world.now,
  } satisfies Omit<AppDependencies, 'notifier'>;
  const processes: { stop(): Promise<void> }[] = [];

  /** One process of this region, with what was replaced in it. */
  async function openProcess(changed: Partial<AppDependencies> = {}) {
    const notifier = createChangeNotifier({
      log: log ?? noLog,
      topics: log ? changeTopics : [],
      logger: silentLogger,
      // Nothing comes because somebody looked by chance.
      recheckMs: 3_600_000,
    });
    const subgraph = await createApp({ ...dependencies, notifier, ...changed });
    const opened = {
      subgraph,
      notifier,
      ...createTestCaller(subgraph),
      async stop() {
        await subgraph.stop();
        await notifier.stop();
      },
    };
    processes.push(opened);
    return opened;
  }
  const first = await openProcess();
  const { subgraph, ask, subscribe } = first;

  /** Somebody who is signed in, and asks this process. */
  const signInAt = (at: Pick<typeof first, 'ask' | 'subscribe'>) => (number: number) => {
    const id = userId(number);
    const actor: Actor = { kind: 'viewer', id, sessionId: encodeId('session', randomUUID()), scopes: [] };
    const askAs = <Data>(query: string, variables = {}) => at.ask<Data>(query, variables, { actor });
    return {
      id,
      ask: askAs,
      subscribe: <Data>(query: string, variables = {}) => at.subscribe<Data>(query, variables, { actor }),
      /** Sends an edit; `operationId` is a new one unless the input has one. */
      async edit(name: EditName, input: Record<string, unknown>): Promise<Payload> {
        const query = `mutation ($input: Playlist${name}Input!) { payload: playlist${name}(input: $input) { ${payloads[name]} } }`;
        const { data, errors } = await askAs<{ payload: Payload }>(query, {
          input: { operationId: newOperationId(), ...input },
        });
        if (errors) throw new Error(errors.map(({ message }) => message).join('; '));
        return data.payload;
      },
      async read(playlistId: string): Promise<PlaylistAnswer | null> {
        return (await askAs<{ playlist: PlaylistAnswer | null }>(readPlaylist, { id: playlistId })).data
          .playlist;
      },
    };
  };

  return {
    replica,
    database,
    repositories,
    subgraph,
    world,
    ask,
    subscribe,
    notifier: first.notifier,
    openProcess,
    signIn: signInAt(first),
    signInAt,
    /** This replica as another one follows it. */
    asPeer: () =>
      createLinkPeer({
        url: `http://${replica}.example/graphql`,
        caller: createServiceCaller({
          service: 'playlists',
          subgraph: 'playlists',
          link: createInProcessLink('playlists', subgraph),
          keys: testServiceKeys,
        }),
      }),
    async close() {
      for (const opened of processes) await opened.stop();
      await repositories.close();
      await database.close();
    },
  };
}
const noLog = { tail: () => Promise.reject(new Error('nothing is heard here')) };

export type Replica = Awaited<ReturnType<typeof openReplica>>;
export type Person = ReturnType<Replica['signIn']>;

/** A playlist of somebody, and what it takes to speak of it. */
export async function createPlaylist(
  owner: Person,
  tracks: readonly number[] = [],
  input = {},
): Promise<PlaylistAnswer> {
  const { playlist } = await owner.edit('Create', {
    name: 'Sunday',
    privacy: 'PUBLIC',
    trackIds: tracks.map(trackId),
    ...input,
  });
  return playlist as PlaylistAnswer;
}

/** The numbers of the tracks, in order. */
export const tracksOf = (playlist: Pick<PlaylistAnswer, 'items'> | null): number[] =>
  (playlist?.items.nodes ?? []).map(({ track }) => allTracks.indexOf(track.id));

const allTracks = Array.from({ length: 200 }, (_, number) => trackId(number));
