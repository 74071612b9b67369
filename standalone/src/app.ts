import { join } from 'node:path';
import { createApp as createCatalog } from '@medley/catalog';
import { createCursors } from '@medley/connection';
import { createIdentityVerifier } from '@medley/identity';
import {
  createJwksCache,
  createRouter,
  createTokenVerifier,
  exampleAddresses,
  openGeoDatabase,
} from '@medley/router';
import { readOperations, readSupergraphSdl } from '@medley/schema';
import { createMetrics, type Logger } from '@medley/service';
import { createUrlSigner } from '@medley/signed-url';
import { parseSigningKeys } from '@medley/signing-keys';
import { createApp as createStreaming } from '@medley/streaming';
import { createCountingDecisionLog } from '@medley/streaming/adapters/counting-decision-log';
import { createLinkAccountFacts } from '@medley/streaming/adapters/link-account-facts';
import { createLinkCatalogFacts } from '@medley/streaming/adapters/link-catalog-facts';
import { createPlaybackTokens } from '@medley/streaming/adapters/playback-tokens';
import { createSampleAudioAssets } from '@medley/streaming/adapters/sample-audio-assets';
import { createInProcessLink } from '@medley/subgraph-link';
import { createApp as createUsers, type PersonaToken } from '@medley/users';
import { createArgon2PasswordHasher } from '@medley/users/adapters/argon2-password-hasher';
import { createConsoleMail } from '@medley/users/adapters/console-mail';
import { createMemoryThrottle } from '@medley/users/adapters/memory-throttle';
import { isLoopback, type StandaloneConfig } from './config.ts';
import { commands } from './control/commands.ts';
import { startControlServer } from './control/server.ts';
import { holdDataFolder } from './data-folder.ts';
import { publicUrl, startEmbeddedEdge } from './embedded-edge.ts';
import { exampleVariables } from './example-variables.ts';
import { installation } from './installation.ts';
import { createPersonaDesk } from './personas.ts';
import { openRows } from './rows.ts';
import type { Screen } from './screen.ts';
import { readOrCreateSecrets } from './secrets.ts';
import { createTeardown, type Teardown } from './teardown.ts';

export interface Standalone {
  /** Such as `http://localhost:4000`: the graph is at `/graphql`. */
  readonly url: string;
  readonly edgeUrl: string;
  readonly personas: readonly PersonaToken[];
  /** Fails readiness, finishes what is under way, closes the data. Safe to call twice. */
  stop(): Promise<void>;
}

/** The whole service in this process, on embedded parts. */
export async function startStandalone(
  config: StandaloneConfig,
  { screen, logger }: { screen: Screen; logger: Logger },
): Promise<Standalone> {
  const teardown = createTeardown();
  try {
    return await open(config, screen, logger, teardown);
  } catch (error) {
    await teardown.run();
    throw error;
  }
}

async function open(
  config: StandaloneConfig,
  screen: Screen,
  logger: Logger,
  teardown: Teardown,
): Promise<Standalone> {
  const folder = await holdDataFolder(config.DATA_DIR);
  teardown.add(() => folder.release());
  const secrets = await readOrCreateSecrets(folder.path);
  const metrics = createMetrics({ runtime: true });

  // Rendering audio and making a database are the business of workers: side by side.
  const [edge, rows, geo] = await allOrThrow([
    startEmbeddedEdge(config, { dataDir: folder.path, secrets, screen, logger, teardown }),
    openRows(folder.path, screen).then((opened) => {
      teardown.add(() => opened.close());
      return opened;
    }),
    openGeoDatabase(),
  ]);

  const keys = {
    catalog: parseSigningKeys(secrets.identityKeys.catalog),
    streaming: parseSigningKeys(secrets.identityKeys.streaming),
    users: parseSigningKeys(secrets.identityKeys.users),
  };
  const serviceKeys = {
    catalog: parseSigningKeys(secrets.serviceKeys.catalog),
    users: parseSigningKeys(secrets.serviceKeys.users),
  };
  const personas = createPersonaDesk(rows.users, secrets.jwtSigningKeys);
  const users = await createUsers({
    ...rows.users,
    passwords: createArgon2PasswordHasher(),
    tokens: personas.tokens,
    throttle: createMemoryThrottle(),
    mail: createConsoleMail((text) => screen.line(text)),
    identity: createIdentityVerifier({ audience: 'users', keys: keys.users, serviceKeys: serviceKeys.users }),
    logger: logger.child({ part: 'users' }),
  });
  const catalog = await createCatalog({
    ...rows.catalog,
    images: { baseUrl: edge.url },
    cursors: createCursors(parseSigningKeys(secrets.cursorKeys)),
    identity: createIdentityVerifier({
      audience: 'catalog',
      keys: keys.catalog,
      serviceKeys: serviceKeys.catalog,
    }),
    logger: logger.child({ part: 'catalog' }),
  });
  const links = {
    catalog: createInProcessLink('catalog', catalog),
    users: createInProcessLink('users', users),
  };
  const streaming = await createStreaming({
    catalogFacts: createLinkCatalogFacts({ link: links.catalog, keys: serviceKeys.catalog, logger }),
    accountFacts: createLinkAccountFacts({ link: links.users, keys: serviceKeys.users, logger }),
    urlSigner: createUrlSigner({ keys: parseSigningKeys(secrets.urlSigningKeys), baseUrl: edge.url }),
    playbackTokens: createPlaybackTokens({ keys: parseSigningKeys(secrets.playbackTokenKeys) }),
    assets: createSampleAudioAssets(),
    decisions: createCountingDecisionLog({ metrics }),
    identity: createIdentityVerifier({ audience: 'streaming', keys: keys.streaming }),
    logger: logger.child({ part: 'streaming' }),
  });
  for (const subgraph of [users, catalog, streaming]) teardown.add(() => subgraph.stop());

  await personas.seed();
  const jwks = createJwksCache({ fetchKeys: async () => users.jwks() as never, logger });
  const operations = readOperations();
  const router = await screen.step('router', () =>
    createRouter({
      supergraphSdl: readSupergraphSdl(),
      links: { ...links, streaming: createInProcessLink('streaming', streaming) },
      identityKeys: keys,
      verifyCredential: createTokenVerifier({ findKey: jwks.findKey, ...personas.issuer }),
      geo,
      logger: logger.child({ part: 'router' }),
      metrics,
      operations: operations.map(({ source }) => source),
    }),
  );
  const http = await router.start({
    host: config.HOST,
    port: config.PORT,
    trustedProxies: config.TRUSTED_PROXIES,
    corsOrigins: config.CORS_ORIGINS,
    // On the loopback nobody else can ask, but for a page that has its own name point here.
    ...(isLoopback(config.HOST) && { allowedHosts: ['localhost', '127.0.0.1', '[::1]'] }),
    readJwks: jwks.read,
    explorer: {
      distFolder: join(installation, 'router', 'explorer', 'dist'),
      graphqlPath: '/graphql',
      edgeOrigin: edge.url,
      operations,
      variables: exampleVariables(),
      personas: () => personas.issue(),
      addresses: exampleAddresses,
    },
  });
  teardown.add(() => http.stop());

  const control = await startControlServer(commands, { catalogWriter: rows.catalog.writer, personas });
  teardown.add(() => control.stop());
  await folder.offerControl(control);

  return {
    url: publicUrl(http.url),
    edgeUrl: edge.url,
    personas: await personas.writeFile(folder.path),
    stop: () => teardown.run(),
  };
}

/** As Promise.all, but when one fails the others are waited for: nothing opens behind the back of the teardown. */
async function allOrThrow<Results extends unknown[]>(
  work: {
    [Index in keyof Results]: Promise<Results[Index]>;
  },
): Promise<Results> {
  await Promise.allSettled(work);
  return Promise.all(work) as Promise<Results>;
}
