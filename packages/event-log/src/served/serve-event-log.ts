import { timingSafeEqual } from 'node:crypto';
import {
  createMetrics,
  type HttpService,
  type Logger,
  type Metrics,
  startHttpService,
} from '@medley/service';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { GroupActiveError, LogUnavailableError, RecordTooLargeError, UnknownTopicError } from '../errors.ts';
import type { EventLog } from '../event-log.ts';
import { createFollower } from './follower.ts';
import { createMembers, UnknownMemberError } from './members.ts';
import {
  type Answer,
  encode,
  type FailureCode,
  type Operation,
  operations,
  type Request,
  requests,
} from './wire.ts';

export interface ServeEventLogOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** What callers have to show. */
  readonly token: string;
  readonly logger: Logger;
  readonly metrics?: Metrics;
}

type Operations = {
  readonly [Name in Operation]: (
    request: Request<Name>,
    signal: AbortSignal,
  ) => Promise<Answer<Name> | readonly unknown[]>;
};

const maxBodyBytes = 67_108_864;

/**
 * Offers a log to other processes of the same machine: `connectEventLog` is the other side. A member of a group that is not heard of
 * for ten seconds is out. Stopping ends all memberships; the log stays open.
 */
export async function serveEventLog(log: EventLog, options: ServeEventLogOptions): Promise<HttpService> {
  const { host, port, token, logger, metrics = createMetrics() } = options;
  const stopping = new AbortController();
  const members = createMembers(log, logger);
  const follower = createFollower(log);
  const handlers = createOperations();

  function createOperations(): Operations {
    const { admin } = log;
    return {
      append: ({ topic, records }) => log.append(topic, records),
      ping: async () => {
        await log.ping(5_000);
        return {};
      },
      join: async (request) => {
        await members.join(request);
        return {};
      },
      poll: members.poll,
      settle: async (request) => {
        members.settle(request);
        return {};
      },
      heartbeat: async (request) => {
        await members.heartbeat(request);
        return {};
      },
      leave: async (request, signal) => {
        await members.leave(request, signal);
        return {};
      },
      follow: follower.follow,
      ensureTopics: async ({ topics }) => {
        await admin.ensureTopics(topics);
        return {};
      },
      offsets: ({ topic }) => admin.offsets(topic),
      offsetsAt: ({ topic, time }) => admin.offsetsAt(topic, time),
      positions: ({ group, topics }) => admin.positions(group, topics),
      setPositions: async ({ group, topic, positions }) => {
        await admin.setPositions(group, topic, positions);
        return {};
      },
      read: ({ topic, partition, from, limit }) => admin.read(topic, partition, from, limit),
    };
  }

  function addRoute<Name extends Operation>(app: FastifyInstance, name: Name) {
    app.post(`/event-log/v1/${name}`, async (request, reply) => {
      if (!shows(request.headers.authorization, token))
        return fail(reply, 401, 'REFUSED', 'the token is wrong');
      if (stopping.signal.aborted) return fail(reply, 503, 'UNAVAILABLE', 'the event log is closing');
      const parsed = requests[name].safeParse(request.body);
      if (!parsed.success) return fail(reply, 400, 'REFUSED', parsed.error.message);
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const signal = AbortSignal.any([gone.signal, stopping.signal]);
      try {
        const answer = await handlers[name](parsed.data as Request<Name>, signal);
        return reply.type('application/json').send(encode(answer));
      } catch (error) {
        const [status, code] = failureOf(error);
        if (status === 500) logger.error({ err: error, operation: name }, 'the event log could not do it');
        return fail(reply, status, code, (error as Error).message);
      }
    });
  }

  const service = await startHttpService({
    ...{ host, port, logger, metrics, bodyLimitBytes: maxBodyBytes },
    routes(app) {
      for (const name of operations) addRoute(app, name);
    },
  });
  let stopped: Promise<void> | null = null;

  async function stop() {
    stopping.abort();
    await Promise.all([members.stop(), follower.stop()]);
    await service.stop();
  }
  return {
    url: service.url,
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

const fail = (reply: FastifyReply, status: number, code: FailureCode, message: string) =>
  reply.code(status).send({ code, message });

function failureOf(error: unknown): readonly [number, FailureCode] {
  if (error instanceof UnknownTopicError) return [404, 'UNKNOWN_TOPIC'];
  if (error instanceof UnknownMemberError) return [404, 'UNKNOWN_MEMBER'];
  if (error instanceof GroupActiveError) return [409, 'GROUP_ACTIVE'];
  if (error instanceof LogUnavailableError) return [503, 'UNAVAILABLE'];
  if (error instanceof RecordTooLargeError || error instanceof RangeError) return [400, 'REFUSED'];
  return [500, 'UNAVAILABLE'];
}

function shows(authorization: string | undefined, token: string): boolean {
  const [given, wanted] = [Buffer.from(authorization ?? ''), Buffer.from(`Bearer ${token}`)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
