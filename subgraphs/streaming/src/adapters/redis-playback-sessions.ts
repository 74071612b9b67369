import type { Redis } from 'ioredis';
import type { z } from 'zod';
import { maxDisplaced } from '../domain/lease.ts';
import { jumpMs, type PlaybackSession } from '../domain/playback-session.ts';
import {
  type Claim,
  type ClaimOutcome,
  type PlaybackSessions,
  SessionsUnavailableError,
} from '../domain/playback-sessions.ts';
import {
  claimReply,
  heartbeatReply,
  queueFields,
  queueReply,
  sessionReply,
} from './redis-session-replies.ts';
import * as scripts from './redis-session-scripts.ts';
import { type SessionTimes, sessionTimes } from './session-times.ts';

/**
 * Keeps sessions and queues in Redis, for all processes together. What an account has lies in one slot of a cluster. A Redis
 * that was emptied, or whose successor missed the last changes, costs a lease or a queue, and no one's sound.
 * @param client of `connectRedis`; how long a call may take is its `commandTimeoutMs`
 */
export function createRedisPlaybackSessions({
  client,
  // What is kept has this form: another form needs another prefix.
  prefix = 'medley:playback:v1',
  ...changed
}: { client: Redis; prefix?: string } & Partial<SessionTimes>): PlaybackSessions {
  const times: SessionTimes = { ...sessionTimes, ...changed };
  const { leaseMs, rememberMs, queueMs } = times;
  const run = createScripts(client);
  // What stands in braces decides the slot.
  const keysOf = (accountId: string) =>
    ['session', 'displaced'].map((part) => `${prefix}:{${accountId}}:${part}`) as [string, string];
  const queueKeyOf = (accountId: string) => `${prefix}:{${accountId}}:queue`;

  async function claim(accountId: string, asked: Claim, takeOver: boolean): Promise<ClaimOutcome> {
    const { sessionId, device, trackId, positionMs, context } = asked;
    const reply = await run('claim', keysOf(accountId), [
      ...[sessionId, device.id, JSON.stringify(device.name), JSON.stringify(context), trackId, positionMs],
      ...[takeOver ? 1 : 0, leaseMs, rememberMs, maxDisplaced],
    ]);
    const [outcome, now, before] = read(claimReply, reply);
    const session = requireSession(now);
    if (outcome === 'REFUSED') return { outcome, holder: session };
    return outcome === 'STARTED' ? { outcome, session, replaced: before } : { outcome, session };
  }

  return {
    start: (accountId, asked) => claim(accountId, asked, false),

    async takeOver(accountId, asked) {
      const outcome = await claim(accountId, asked, true);
      if (outcome.outcome === 'REFUSED') throw new Error('taking over is never refused');
      return outcome;
    },

    async heartbeat(accountId, { sessionId, positionMs, paused, trackId }) {
      const told = [sessionId, positionMs, paused ? 1 : 0, trackId ?? '', leaseMs, rememberMs, jumpMs];
      const [outcome, session, changed] = read(
        heartbeatReply,
        await run('heartbeat', keysOf(accountId), told),
      );
      if (outcome === 'ENDED') return { outcome };
      if (outcome === 'TAKEN_OVER') return { outcome, by: session?.device ?? null };
      return { outcome, session: requireSession(session), changed: changed === 1 };
    },

    stop: async (accountId, sessionId) =>
      read(sessionReply, await run('stop', keysOf(accountId), [sessionId])),

    find: async (accountId) => read(sessionReply, await run('find', keysOf(accountId), [])),

    async replaceQueue(accountId, { content, device, ifRevision }) {
      const change = [JSON.stringify(content), JSON.stringify(device), ifRevision ?? '', queueMs];
      const reply = await run('replaceQueue', [queueKeyOf(accountId)], change);
      const [replaced, queue] = read(queueReply, reply);
      return { replaced: replaced === 1, queue };
    },

    async readQueue(accountId) {
      try {
        return read(queueFields, await client.hgetall(queueKeyOf(accountId)));
      } catch (error) {
        throw unavailable(error);
      }
    },
  };
}

type ScriptName = keyof typeof scripts;
type Argument = string | number;

/** Sends a script by its hash, and whole where Redis does not know it. */
function createScripts(client: Redis) {
  for (const [name, lua] of Object.entries(scripts)) client.defineCommand(commandOf(name), { lua });
  const commands = client as unknown as Record<
    string,
    (keyCount: number, ...rest: Argument[]) => Promise<unknown>
  >;
  return async (name: ScriptName, keys: readonly string[], values: readonly Argument[]) => {
    try {
      return await commands[commandOf(name)]?.(keys.length, ...keys, ...values);
    } catch (error) {
      throw unavailable(error);
    }
  };
}

const commandOf = (name: string) => `medleyPlayback_${name}`;

const unavailable = (cause: unknown) =>
  cause instanceof SessionsUnavailableError
    ? cause
    : new SessionsUnavailableError('Redis did not answer', cause);

/** @throws SessionsUnavailableError for what an older or newer version of this service may have left there */
function read<Value>(schema: z.ZodType<Value>, reply: unknown): Value {
  const { success, data, error } = schema.safeParse(reply);
  if (success) return data;
  throw new SessionsUnavailableError('Redis holds something else than was expected', error);
}

function requireSession(session: PlaybackSession | null): PlaybackSession {
  if (session) return session;
  throw new SessionsUnavailableError('Redis holds no session where there must be one');
}
