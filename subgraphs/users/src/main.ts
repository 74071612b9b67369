import { parsedBy, readConfig } from '@medley/config';
import { openPostgres } from '@medley/database';
import { openEventLog } from '@medley/event-log';
import { createIdentityVerifier } from '@medley/identity';
import { connectRedis } from '@medley/redis';
import { createLogger, createMetrics, findSilent, runUntilSignal } from '@medley/service';
import { startSubgraph } from '@medley/subgraph';
import { createArgon2PasswordHasher } from './adapters/argon2-password-hasher.ts';
import { createConsoleMail } from './adapters/console-mail.ts';
import { createTokens } from './adapters/jwt-access-tokens.ts';
import { createMemoryThrottle } from './adapters/memory-throttle.ts';
import { openRepositories } from './adapters/prisma-repositories.ts';
import { createRedisThrottle } from './adapters/redis-throttle.ts';
import { parseSigningKeySet } from './adapters/signing-key-set.ts';
import { createApp, startRelays } from './app.ts';
import { usersConfig } from './config.ts';
import { jwksRoute } from './jwks-route.ts';

/** A JWK Set of private keys: the first signs, all are published. */
const config = readConfig({ ...usersConfig, JWT_SIGNING_KEYS: parsedBy(parseSigningKeySet) }, process.env);
const logger = createLogger('users', config.LOG_LEVEL);

await runUntilSignal(logger, async () => {
  const { HOST: host, PORT: port, REDIS_URL: redisUrl } = config;
  const metrics = createMetrics({ runtime: true });
  const database = openPostgres({
    url: config.DATABASE_URL_USERS,
    onIdleError: (error) => logger.warn({ reason: error.message }, 'a connection to the database broke'),
  });
  const { accounts, sessions, relayed, ping, close } = openRepositories(database);
  const log = openEventLog(config, { logger, metrics, clientId: 'users' });
  const redis =
    redisUrl === undefined
      ? undefined
      : connectRedis({
          url: redisUrl,
          // A sign-in waits this long for its counters at most, and not at all while Redis is down.
          commandTimeoutMs: 250,
          onLost: ({ message }) =>
            logger.warn({ reason: message }, 'no Redis: this process counts attempts by itself'),
          onBack: () => logger.info('Redis is back'),
        });
  const app = await createApp({
    accounts,
    sessions,
    passwords: createArgon2PasswordHasher(),
    tokens: createTokens({
      keys: config.JWT_SIGNING_KEYS,
      issuer: config.JWT_ISSUER,
      audience: config.JWT_AUDIENCE,
    }),
    throttle: redis ? createRedisThrottle(redis) : createMemoryThrottle(),
    mail: createConsoleMail((text) => process.stdout.write(`${text}\n`)),
    identity: createIdentityVerifier({
      audience: 'users',
      keys: config.IDENTITY_KEYS_USERS,
      serviceKeys: config.SERVICE_KEYS_USERS,
    }),
    logger,
  });
  const relays = startRelays({ ...relayed, log, logger, metrics });
  const service = await startSubgraph(app, {
    host,
    port,
    logger,
    metrics,
    drainMs: 2_000,
    routes: jwksRoute(app),
    findUnready: () => findSilent({ 'the database': ping }),
    findDegraded: async () => [
      ...(await findSilent({ 'the event log': () => log.ping(1_000) })),
      ...relays.findDegraded(),
    ],
  });
  return async () => {
    await service.stop();
    await relays.stop();
    await log.close();
    redis?.disconnect();
    await close();
    await database.close();
  };
});
