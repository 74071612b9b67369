import { createApp as createCatalog } from '@medley/catalog';
import { openRepositories as openCatalogRows } from '@medley/catalog/adapters/prisma-repositories';
import { createCursors } from '@medley/connection';
import { encodeId, importedUuid } from '@medley/ids';
import { createMetrics } from '@medley/service';
import { createUrlSigner } from '@medley/signed-url';
import { createPlaybackFacts, createApp as createStreaming } from '@medley/streaming';
import { createLinkAccountChanges } from '@medley/streaming/adapters/link-account-changes';
import { createLinkAccountFacts } from '@medley/streaming/adapters/link-account-facts';
import { createLinkCatalogFacts } from '@medley/streaming/adapters/link-catalog-facts';
import { createLinkLicenceChanges } from '@medley/streaming/adapters/link-licence-changes';
import { createMemoryPlaybackSessions } from '@medley/streaming/adapters/memory-playback-sessions';
import { createPlaybackTokens } from '@medley/streaming/adapters/playback-tokens';
import { createSampleAudioAssets } from '@medley/streaming/adapters/sample-audio-assets';
import { createInProcessLink, type LinkRequest, type SubgraphLink } from '@medley/subgraph-link';
import {
  createTestCaller,
  createTestVerifier,
  silentLogger,
  testKeys,
  testServiceKeys,
} from '@medley/testing';
import { openTestDatabase } from '@medley/testing/database';
import { createApp as createUsers } from '@medley/users';
import { createArgon2PasswordHasher } from '@medley/users/adapters/argon2-password-hasher';
import { createTokens } from '@medley/users/adapters/jwt-access-tokens';
import { createMemoryThrottle } from '@medley/users/adapters/memory-throttle';
import { openRepositories as openUsersRows } from '@medley/users/adapters/prisma-repositories';
import { createSigningKeySet } from '@medley/users/adapters/signing-key-set';

/** What a link does to a request: nothing, or it takes its time and may then throw. */
export type Disturb = (request: LinkRequest) => Promise<void>;

export const trackIdOf = (name: string) => encodeId('track', trackUuidOf(name));
export const trackUuidOf = (name: string) => importedUuid('licences', 'track', name);

/** Catalog and users on databases of their own, and some replicas of streaming that ask them. */
export async function openReplicas(count: number) {
  const closing: (() => Promise<unknown>)[] = [];
  const [catalogDatabase, usersDatabase] = await Promise.all([
    openTestDatabase('catalog'),
    openTestDatabase('users'),
  ]);
  closing.push(
    () => usersDatabase.close(),
    () => catalogDatabase.close(),
  );
  const catalogRows = openCatalogRows(catalogDatabase);
  const usersRows = openUsersRows(usersDatabase);
  closing.push(
    () => usersRows.close(),
    () => catalogRows.close(),
  );
  const catalog = await createCatalog({
    ...catalogRows,
    images: { baseUrl: 'https://edge.example' },
    cursors: createCursors(testKeys),
    identity: createTestVerifier('catalog'),
    logger: silentLogger,
  });
  const users = await createUsers({
    ...usersRows,
    passwords: createArgon2PasswordHasher(),
    tokens: createTokens({ keys: await createSigningKeySet(), issuer: 'https://test', audience: 'test' }),
    throttle: createMemoryThrottle(),
    mail: { sendPasswordReset: async () => {} },
    identity: createTestVerifier('users'),
    logger: silentLogger,
  });
  closing.push(
    () => users.stop(),
    () => catalog.stop(),
  );

  const disturbance: { current: Disturb } = { current: async () => {} };
  const disturbed = (link: SubgraphLink): SubgraphLink => ({
    ...link,
    async send(request) {
      await disturbance.current(request);
      return link.send(request);
    },
  });
  const toCatalog = { link: disturbed(createInProcessLink('catalog', catalog)), keys: testServiceKeys };
  const toUsers = { link: disturbed(createInProcessLink('users', users)), keys: testServiceKeys };

  const replicas = await Promise.all(
    Array.from({ length: count }, async () => {
      const metrics = createMetrics();
      const facts = createPlaybackFacts({
        catalogFacts: createLinkCatalogFacts({ ...toCatalog, logger: silentLogger }),
        accountFacts: createLinkAccountFacts({ ...toUsers, logger: silentLogger }),
        licenceChanges: createLinkLicenceChanges(toCatalog),
        accountChanges: createLinkAccountChanges(toUsers),
        entries: 1_000,
        metrics,
        logger: silentLogger,
      });
      closing.push(facts.start());
      const streaming = await createStreaming({
        facts,
        urlSigner: createUrlSigner({ keys: testKeys, baseUrl: 'https://edge.example' }),
        playbackTokens: createPlaybackTokens({ keys: testKeys }),
        assets: createSampleAudioAssets(),
        decisions: { log: { offer() {} }, store: { find: async () => null } },
        sessions: {
          store: createMemoryPlaybackSessions(),
          changes: { sessionChanged() {}, queueChanged() {} },
        },
        reports: {
          log: { append: async () => ({ kept: 'REFUSED' }) },
          recent: { find: async (_, ids) => ids.map(() => null), remember() {} },
          observe() {},
        },
        measurements: { log: { offer() {} }, observe() {} },
        notifier: { notify() {}, async *watch() {} },
        cursors: createCursors(testKeys),
        identity: createTestVerifier('streaming'),
        logger: silentLogger,
      });
      closing.push(() => streaming.stop());
      return { ask: createTestCaller(streaming).ask, metrics, findDegraded: facts.findDegraded };
    }),
  );

  return {
    catalog: catalogRows,
    users: usersRows,
    replicas,
    statements: () => catalogDatabase.statements.count() + usersDatabase.statements.count(),
    disturb(disturb: Disturb): void {
      disturbance.current = disturb;
    },
    async close() {
      for (const close of closing.toReversed()) await close();
    },
  };
}
export type Replicas = Awaited<ReturnType<typeof openReplicas>>;
