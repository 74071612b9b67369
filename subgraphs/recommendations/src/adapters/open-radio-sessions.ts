import { connectRedis } from '@medley/redis';
import type { Logger } from '@medley/service';
import type { RadioSession, RadioSessions } from '../domain/radio-sessions.ts';
import { createMemoryRadioSessions } from './memory-radio-sessions.ts';
import { createRedisRadioSessions } from './redis-radio-sessions.ts';

export interface OpenedRadioSessions {
  readonly radioSessions: RadioSessions;
  close(): void;
}

/**
 * Where radios are remembered.
 * @param redisUrl undefined for in this process
 */
export function openRadioSessions({
  redisUrl,
  logger,
}: {
  redisUrl: string | undefined;
  logger: Logger;
}): OpenedRadioSessions {
  const memory = createMemoryRadioSessions();
  if (redisUrl === undefined) return { radioSessions: memory, close() {} };
  const client = connectRedis({
    url: redisUrl,
    // Music waits for it.
    commandTimeoutMs: 100,
    onLost: ({ message }) =>
      logger.warn({ reason: message }, 'no Redis: each process remembers its own radios'),
    onBack: () => logger.info('Redis is back: radios are remembered together'),
  });
  const radioSessions = rememberHere(createRedisRadioSessions({ client }), memory);
  return { radioSessions, close: () => client.disconnect() };
}

/** Remembers radios here while they cannot be remembered together: a router sends its listeners to the same processes as a rule. */
export function rememberHere(together: RadioSessions, here: RadioSessions): RadioSessions {
  const orHere = <Answer>(asked: Promise<Answer>, instead: () => Promise<Answer>) => asked.catch(instead);
  return {
    find: (id) =>
      orHere(
        together.find(id).then(async (session) => further(session, await here.find(id))),
        () => here.find(id),
      ),
    append: (id, added) => orHere(together.append(id, added), () => here.append(id, added)),
  };
}

/** What was served while one of them was away only the other one knows. */
function further(one: RadioSession | null, other: RadioSession | null): RadioSession | null {
  if (!one || !other) return one ?? other;
  return one.served < other.served ? other : one;
}
