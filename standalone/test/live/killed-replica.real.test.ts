import { randomUUID } from 'node:crypto';
import { encodeId } from '@medley/ids';
import { type Credential, createRouter } from '@medley/router';
import { findViewerFields, readSupergraphSdl } from '@medley/schema';
import { createMetrics } from '@medley/service';
import { createHttpLink, createInProcessLink } from '@medley/subgraph-link';
import { findFreePort, silentLogger, testKeys } from '@medley/testing';
import { createClient } from 'graphql-sse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPlaylistsProcess, type PlaylistsProcess } from './playlists-process.ts';
import { openPlaylistsStores } from './playlists-stores.ts';

const viewerId = encodeId('user', randomUUID());
const credential: Credential = {
  actor: { kind: 'viewer', id: viewerId, sessionId: encodeId('session', randomUUID()), scopes: [] },
  country: 'DE',
  explicit: true,
};
const patience = { timeout: 30_000, interval: 20 };

interface Told {
  readonly kind: 'STARTED' | 'CHANGED' | 'GAP';
  readonly cursor: string;
  readonly playlist: { readonly name: string };
  readonly edits: readonly { readonly operationId: string }[];
}

/** A router of its own, which knows one process of the playlists subgraph and no other subgraph. */
async function startRouter(playlistsUrl: string) {
  const playlists = createHttpLink({ url: playlistsUrl });
  const away = createInProcessLink('nobody', { execute: () => Promise.reject(new Error('nobody is there')) });
  const metrics = createMetrics();
  const router = await createRouter({
    supergraphSdl: readSupergraphSdl(),
    viewerFields: findViewerFields(),
    links: {
      analytics: away,
      catalog: away,
      playlists,
      recommendations: away,
      search: away,
      streaming: away,
      users: away,
    },
    identityKeys: {
      analytics: testKeys,
      catalog: testKeys,
      playlists: testKeys,
      recommendations: testKeys,
      search: testKeys,
      streaming: testKeys,
      users: testKeys,
    },
    verifyCredential: async () => credential,
    geo: { countryOf: () => 'DE' },
    logger: silentLogger,
    metrics,
  });
  const { url, stop } = await router.start({ host: '127.0.0.1', port: await findFreePort() });
  return {
    /** Server-sent events, by a client that gives up when its connection breaks. */
    follow(playlistId: string) {
      const told: Told[] = [];
      const failures: unknown[] = [];
      const client = createClient({
        url: `${url}/graphql`,
        headers: { authorization: 'Bearer any' },
        retryAttempts: 0,
      });
      const leave = client.subscribe<{ playlistChanged: Told }>(
        {
          query: `subscription ($id: ID!) {
            playlistChanged(id: $id) { kind cursor playlist { name } edits { operationId } }
          }`,
          variables: { id: playlistId },
        },
        {
          next({ data, errors }) {
            if (data?.playlistChanged) told.push(data.playlistChanged);
            else failures.push(errors);
          },
          error: (error) => failures.push(error),
          complete: () => failures.push('completed'),
        },
      );
      return { told, failures, leave };
    },
    async edit(name: 'Create' | 'Rename', input: object): Promise<{ id: string; operationId: string }> {
      const operationId = randomUUID();
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer any' },
        body: JSON.stringify({
          query: `mutation ($input: Playlist${name}Input!) {
            payload: playlist${name}(input: $input) { playlist { id } userErrors { message } }
          }`,
          variables: { input: { operationId, ...input } },
        }),
      });
      const { data, errors } = await response.json();
      if (!data?.payload?.playlist) throw new Error(JSON.stringify(errors ?? data));
      return { id: data.payload.playlist.id, operationId };
    },
    async upstreams(): Promise<number> {
      const text = await metrics.registry.metrics();
      return Number(/^medley_router_upstream_streams\{.*\} (\d+)$/m.exec(text)?.[1] ?? 0);
    },
    async stop() {
      await stop();
      await playlists.close();
    },
  };
}
type Router = Awaited<ReturnType<typeof startRouter>>;

// Not on a PGlite: to it all processes are one session, and one that is killed leaves the others what it had begun.
const isHere = process.env.TEST_POSTGRES_URL !== undefined;
if (!isHere) console.info('A replica that is killed is left out: TEST_POSTGRES_URL is not set.');

describe.runIf(isHere)('two routers, each with a replica of its own', () => {
  const closing: (() => Promise<unknown>)[] = [];
  let replicas: [PlaylistsProcess, PlaylistsProcess];
  let here: Router;
  let there: Router;
  beforeAll(async () => {
    const stores = await openPlaylistsStores();
    closing.push(() => stores.close());
    replicas = [await createPlaylistsProcess(stores), await createPlaylistsProcess(stores)];
    for (const replica of replicas) closing.push(() => replica.kill());
    await Promise.all(replicas.map((replica) => replica.start()));
    here = await startRouter(replicas[0].url);
    closing.push(() => here.stop());
    there = await startRouter(replicas[1].url);
    closing.push(() => there.stop());
  }, 240_000);
  afterAll(async () => {
    for (const close of closing.toReversed()) await close();
  });

  /** All edits that a client was told of. */
  const editsOf = (told: readonly Told[]) =>
    told.flatMap(({ edits }) => edits.map(({ operationId }) => operationId));

  it('a client of the one is told what happens through the other, with the replica killed in between: each edit once, in order', async () => {
    const { id: playlistId } = await there.edit('Create', { name: 'Sunday' });
    const follower = here.follow(playlistId);
    const { told, failures } = follower;
    await expect.poll(() => told.length, patience).toBe(1);
    expect(told[0]).toMatchObject({ kind: 'STARTED', playlist: { name: 'Sunday' } });
    const sent: string[] = [];
    const rename = async (count: number) => {
      for (let index = 0; index < count; index++) {
        const name = `Sunday ${sent.length + 1}`;
        sent.push((await there.edit('Rename', { playlistId, name })).operationId);
      }
    };
    await rename(3);
    await expect.poll(() => editsOf(told), patience).toEqual(sent);

    await replicas[0].kill();
    await rename(3);
    await replicas[0].start();
    await rename(3);
    await expect.poll(() => editsOf(told), patience).toEqual(sent);
    expect(told.at(-1)?.playlist.name).toBe('Sunday 9');
    expect(new Set(told.slice(1).map(({ kind }) => kind))).toEqual(new Set(['CHANGED']));

    // SIGTERM is told the other way, and must not wait for who listens.
    expect(await replicas[0].stop()).toBe(0);
    await rename(1);
    await replicas[0].start();
    await expect.poll(() => editsOf(told), patience).toEqual(sent);

    expect(failures).toEqual([]);
    follower.leave();
    await expect.poll(here.upstreams, patience).toBe(0);
  }, 240_000);
});
