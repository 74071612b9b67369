import { join } from 'node:path';
import {
  createJwksCache,
  createMemoryRateLimiter,
  createRouter,
  createTokenVerifier,
  exampleAddresses,
  openGeoDatabase,
} from '@medley/router';
import { findViewerFields, readOperations, readPublicSupergraphSdl, readSupergraphSdl } from '@medley/schema';
import { createMetrics, type Logger } from '@medley/service';
import type { PersonaToken } from '@medley/users';
import { startBackground } from './background.ts';
import { checkAddresses } from './check-addresses.ts';
import { isLoopback, type StandaloneConfig } from './config.ts';
import { commands } from './control/commands.ts';
import { startControlServer } from './control/server.ts';
import { holdDataFolder } from './data-folder.ts';
import { openEdgeWarming } from './edge-warming.ts';
import { publicUrl, startEmbeddedEdge } from './embedded-edge.ts';
import { openLog } from './event-log.ts';
import { exampleVariables } from './example-variables.ts';
import { installation } from './installation.ts';
import { createPersonaDesk } from './personas.ts';
import { openRows } from './rows.ts';
import { tellSampleListening } from './sample-listening.ts';
import type { Screen } from './screen.ts';
import { readOrCreateSecrets } from './secrets.ts';
import { openSubgraphs } from './subgraphs.ts';
import { createTeardown, type Teardown } from './teardown.ts';
import { openTraining } from './training.ts';

export interface Standalone {
  /** Such as `http://localhost:4000`: the graph is at `/graphql`. */
  readonly url: string;
  readonly edgeUrl: string;
  readonly personas: readonly PersonaToken[];
  /** Fails readiness, finishes what is under way, closes the data. Safe to call twice. */
  stop(): Promise<void>;
}

/** What the process gives the service. */
export interface StandaloneParts {
  readonly screen: Screen;
  readonly logger: Logger;
  /** Told once when something that it runs for has ended for good: it is to be stopped. */
  readonly onCrash?: (error: Error) => void;
}

/** The whole service in this process, on embedded parts. */
export async function startStandalone(
  config: StandaloneConfig,
  { screen, logger, onCrash = () => {} }: StandaloneParts,
): Promise<Standalone> {
  const teardown = createTeardown();
  try {
    return await open(config, { screen, logger, onCrash }, teardown);
  } catch (error) {
    await teardown.run();
    throw error;
  }
}

async function open(
  config: StandaloneConfig,
  { screen, logger, onCrash }: Required<StandaloneParts>,
  teardown: Teardown,
): Promise<Standalone> {
  const folder = await holdDataFolder(config.DATA_DIR);
  teardown.add(() => folder.release());
  await checkAddresses(config);
  const secrets = await readOrCreateSecrets(folder.path);
  const metrics = createMetrics({ runtime: true });
  const eventLog = await openLog(folder.path, logger.child({ part: 'event log' }));
  teardown.add(() => eventLog.close());

  // Rendering audio and making a database are the business of workers: side by side.
  const [edge, rows, geo] = await allOrThrow([
    startEmbeddedEdge(config, { dataDir: folder.path, secrets, eventLog, screen, logger, metrics, teardown }),
    openRows(folder.path, screen).then((opened) => {
      teardown.add(() => opened.close());
      return opened;
    }),
    openGeoDatabase(),
  ]);

  if (config.SAMPLE_LISTENING === 'on') {
    await tellSampleListening({ folder: folder.path, log: eventLog, screen });
  }
  const personas = createPersonaDesk(rows.users, secrets.jwtSigningKeys);
  await personas.seed();
  const { links, identityKeys, users, indexing, facts, recommendations, isSearchable } = await openSubgraphs({
    folder: folder.path,
    rows,
    eventLog,
    secrets,
    personas,
    edgeUrl: edge.url,
    screen,
    logger,
    metrics,
    teardown,
    onCrash,
  });
  if (!(await isSearchable())) {
    await screen
      .step('search index', (progress) =>
        indexing.rebuild({
          reason: 'there was none',
          onProgress: ({ documents }) => progress(`${documents.toLocaleString('en')} documents`),
        }),
      )
      // Everything else can do without, and it is tried again.
      .catch((error: unknown) => logger.error({ err: error }, 'nothing is found until there is an index'));
  }
  indexing.start();
  teardown.add(facts.start());
  teardown.add(startBackground({ rows, eventLog, logger, metrics, onCrash }));
  const following = recommendations.start();
  teardown.add(following.stop);
  const training = openTraining({
    ...{ folder: folder.path, rows, flushArchive: following.archiving.flush, log: eventLog, metrics },
    logger: logger.child({ part: 'recommendations' }),
  });
  teardown.add(training.startSchedule());

  const warming = openEdgeWarming(config, {
    edgeUrl: edge.localUrl,
    analytics: links.analytics,
    ...{ secrets, logger: logger.child({ part: 'edge' }), metrics, teardown },
  });

  const jwks = createJwksCache({ fetchKeys: async () => users.jwks() as never, logger });
  const operations = readOperations();
  const router = await screen.step('router', () =>
    createRouter({
      supergraphSdl: readSupergraphSdl(),
      viewerFields: findViewerFields(),
      links,
      identityKeys,
      verifyCredential: createTokenVerifier({ findKey: jwks.findKey, ...personas.issuer }),
      geo,
      logger: logger.child({ part: 'router' }),
      metrics,
      operations: operations.map(({ source }) => source),
      publicGraph: {
        supergraphSdl: readPublicSupergraphSdl(),
        rateLimiter: createMemoryRateLimiter({ requests: 300, windowSeconds: 60 }),
      },
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

  const control = await startControlServer(commands, {
    catalogWriter: rows.catalog.writer,
    playlistWriter: rows.playlists.writer,
    indexing,
    personas,
    warming,
    training,
    ...{ rows, eventLog, logger, metrics },
  });
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
