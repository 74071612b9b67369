import { createRouter } from '@medley/router';
import { findViewerFields, readSupergraphSdl } from '@medley/schema';
import { createLogger, createMetrics } from '@medley/service';
import type { Subgraph } from '@medley/subgraph';
import { createInProcessLink } from '@medley/subgraph-link';
import { testKeys } from '@medley/testing';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

/** Screens that are told of new recommendations: each a WebSocket of its own to a router, over the loopback. */
export interface PushedScreens {
  /** Resolves when the screen of this account is told of recommendations with a play in them that they did not have before. */
  untilPushed(userId: string): Promise<void>;
  close(): Promise<void>;
}

interface Update {
  readonly recommendationsUpdated: { readonly kind: string; readonly causes: readonly string[] } | null;
}

/** @param app recommendations; the router asks them in its own process, and nobody else */
export async function openScreens(app: Subgraph, userIds: readonly string[]): Promise<PushedScreens> {
  const recommendations = createInProcessLink('recommendations', app);
  const nobody = createInProcessLink('nobody', {
    execute: () => Promise.reject(new Error('nobody is there')),
  });
  const router = await createRouter({
    supergraphSdl: readSupergraphSdl(),
    viewerFields: findViewerFields(),
    links: {
      analytics: nobody,
      catalog: nobody,
      playlists: nobody,
      recommendations,
      search: nobody,
      streaming: nobody,
      users: nobody,
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
    verifyCredential: async (userId) => ({
      actor: { kind: 'viewer', id: userId, sessionId: 'session_bench', scopes: [] },
      country: 'DE',
      explicit: true,
    }),
    geo: { countryOf: () => 'DE' },
    logger: createLogger('bench', 'error'),
    metrics: createMetrics(),
  });
  const service = await router.start({ host: '127.0.0.1', port: 0 });
  const url = `${service.url.replace('http', 'ws')}/graphql`;
  const waiting = new Map<string, () => void>();
  const clients = await Promise.all(
    userIds.map((userId) => openScreen(url, userId, () => waiting.get(userId)?.())),
  );
  return {
    untilPushed: (userId) =>
      new Promise((resolve) => {
        waiting.set(userId, resolve);
      }),
    async close() {
      for (const client of clients) void client.dispose();
      await service.stop();
      await recommendations.close();
    },
  };
}

/** Resolves when the screen has been told how things are. */
function openScreen(url: string, userId: string, onPlay: () => void): Promise<Client> {
  return new Promise((resolve, reject) => {
    const client = createClient({
      url,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${userId}` },
    });
    client.subscribe<Update>(
      { query: updates },
      {
        next({ data, errors }) {
          const update = data?.recommendationsUpdated;
          if (!update) return reject(new Error(`nothing was pushed: ${JSON.stringify(errors)}`));
          if (update.kind === 'STARTED') resolve(client);
          else if (update.causes.includes('PLAYS')) onPlay();
        },
        error: reject,
        complete: () => {},
      },
    );
  });
}

/** A home screen without names: those are catalog's. */
const updates = `subscription {
  recommendationsUpdated {
    kind cursor causes
    recommendations { shelves { id kind items(first: 5) { item { __typename ... on Track { id } ... on Artist { id } ... on Mix { id } } } } }
  }
}`;
