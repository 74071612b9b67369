import { randomBytes } from 'node:crypto';
import { badUserInput, MedleyError } from '@medley/errors';
import type { Identity } from '@medley/identity';
import type { FastifyReply } from 'fastify';
import { accountOf, allowsAsMuch } from '../../identity/compare-identities.ts';
import type { IdentitySource, Visitor } from '../../identity/read-identity.ts';
import type { OperationRequest } from '../../operation-runner.ts';
import { addressKey } from '../../rate-limit/address-key.ts';
import { atExpiry } from './expiry.ts';
import type { HttpStream } from './http-stream.ts';
import { expiredResult } from './last-words.ts';
import type { LiveGraph } from './live-graph.ts';
import type { OpenConnections } from './open-connections.ts';
import { startOperation } from './operation.ts';
import { openEventStream } from './server-sent-events.ts';

/**
 * The single connection mode of graphql-sse: one event stream brings the results of many operations, which are asked for and stopped by requests of their
 * own. It lives in this process: a balancer must send all requests of a client to the same one.
 */
export interface SingleConnections {
  /** @returns the token of a stream that may be opened. @throws MedleyError */
  reserve(source: IdentitySource): Promise<string>;
  /** Opens the stream. @throws MedleyError NOT_FOUND, CONFLICT when it is open already */
  open(token: string, reply: FastifyReply, headers: Readonly<Record<string, string>>): void;
  /** Begins an operation whose results go to the stream. @throws MedleyError */
  start(token: string, request: OperationRequest): Promise<void>;
  /** Stops it; no error when it is over. @throws MedleyError NOT_FOUND without the stream */
  stop(token: string, operationId: string): void;
}

interface Connection {
  visitor: Visitor;
  /** Who reserved it, among those whose streams wait to be opened. */
  readonly holder: string;
  readonly operations: Map<string, { readonly stop: () => void; readonly requestId: string }>;
  stream: HttpStream | undefined;
  callOffExpiry: () => void;
}

const openWithinMs = 30_000;
const waitingAtOnce = 10_000;
/** Of one account, or of all at one address who are not signed in: else one could take the places of all others. */
const waitingOfOne = 100;
const operationsAtOnce = 1_000;

export function createSingleConnections(graph: LiveGraph, connections: OpenConnections): SingleConnections {
  const waiting = new Map<string, Connection>();
  const waitingOf = new Map<string, number>();
  const open = new Map<string, Connection>();

  function startWaiting(token: string, connection: Connection): void {
    const { holder } = connection;
    const before = waitingOf.get(holder) ?? 0;
    if (before >= waitingOfOne) {
      const message = `There are ${waitingOfOne} event streams of yours waiting to be opened. Open one of them.`;
      throw new MedleyError('RATE_LIMITED', message, { limit: waitingOfOne });
    }
    waitingOf.set(holder, before + 1);
    waiting.set(token, connection);
    setTimeout(() => stopWaiting(token), openWithinMs).unref();
  }

  function stopWaiting(token: string): void {
    const holder = waiting.get(token)?.holder;
    if (holder === undefined) return;
    waiting.delete(token);
    const left = (waitingOf.get(holder) ?? 1) - 1;
    if (left > 0) waitingOf.set(holder, left);
    else waitingOf.delete(holder);
  }

  function find(token: string): Connection {
    const connection = open.get(token) ?? waiting.get(token);
    if (!connection)
      throw new MedleyError('NOT_FOUND', 'There is no event stream of this token: reserve one.');
    return connection;
  }

  function watchExpiry(connection: Connection): void {
    connection.callOffExpiry();
    connection.callOffExpiry = atExpiry(connection.visitor.expiresAt, graph.clock, () => {
      const { stream } = connection;
      for (const [id, { stop, requestId }] of connection.operations) {
        stop();
        void stream?.write(next(id, expiredResult(requestId)) + complete(id));
      }
      connection.operations.clear();
      stream?.end();
    });
  }

  return {
    async reserve(source) {
      const visitor = await graph.readVisitor(source);
      if (waiting.size >= waitingAtOnce) {
        throw new MedleyError(
          'UPSTREAM_UNAVAILABLE',
          'Too many event streams wait to be opened. Try again later.',
        );
      }
      const token = randomBytes(24).toString('base64url');
      const holder = holderOf(visitor.identity);
      startWaiting(token, {
        ...{ visitor, holder, operations: new Map(), stream: undefined },
        callOffExpiry: () => {},
      });
      return token;
    },

    open(token, reply, headers) {
      const connection = find(token);
      if (connection.stream)
        throw new MedleyError('CONFLICT', 'The event stream of this token is open already.');
      stopWaiting(token);
      open.set(token, connection);
      const stream = openEventStream(reply, headers, () => {
        open.delete(token);
        connection.callOffExpiry();
        for (const { stop } of connection.operations.values()) stop();
        forget();
      });
      const forget = connections.add('sse', stream.cut, stream.destroy);
      connection.stream = stream;
      watchExpiry(connection);
    },

    async start(token, request) {
      const visitor = await graph.readVisitor(request);
      const connection = find(token);
      const { stream, operations } = connection;
      if (accountOf(visitor.identity) !== accountOf(connection.visitor.identity)) {
        throw new MedleyError('FORBIDDEN', 'The event stream of this token is of another account.');
      }
      if (!stream) throw new MedleyError('CONFLICT', 'Open the event stream of this token first.');
      const id = operationIdOf(request.body);
      if (operations.has(id))
        throw new MedleyError('CONFLICT', 'An operation with this id is running already.');
      if (operations.size >= operationsAtOnce) {
        const message = `An event stream carries at most ${operationsAtOnce} operations at once.`;
        throw new MedleyError('RATE_LIMITED', message, { limit: operationsAtOnce });
      }
      // Who shows a newer credential puts the end of all off, when it allows what they were begun with.
      const coversAll = allowsAsMuch(visitor.identity, connection.visitor.identity);
      if (coversAll && endOf(visitor) > endOf(connection.visitor)) {
        connection.visitor = visitor;
        watchExpiry(connection);
      }
      // What the credential of all does not allow ends with its own.
      const isCovered = allowsAsMuch(connection.visitor.identity, visitor.identity);
      const finish = (text: string) => {
        if (operations.get(id)?.stop === stop) operations.delete(id);
        return stream.write(text);
      };
      const last = (result: string) => finish(next(id, result) + complete(id));
      const stop = startOperation(
        graph,
        request,
        { transport: 'sse', ...(isCovered && { visitor }) },
        {
          next: ({ text }) => stream.write(next(id, text)),
          refused: ({ body }) => last(body),
          failed: last,
          completed: () => finish(complete(id)),
          draining: () => stream.cut(),
        },
      );
      operations.set(id, { stop, requestId: request.requestId });
    },

    stop(token, operationId) {
      const { operations } = find(token);
      operations.get(operationId)?.stop();
      operations.delete(operationId);
    },
  };
}

const holderOf = (identity: Identity) =>
  identity.actor.kind === 'anonymous' ? addressKey(identity.clientAddress ?? '') : accountOf(identity);

const endOf = ({ expiresAt }: Visitor) => expiresAt ?? Number.POSITIVE_INFINITY;

function operationIdOf(body: unknown): string {
  const { extensions } = (body ?? {}) as { extensions?: { operationId?: unknown } };
  const id = extensions?.operationId;
  if (typeof id === 'string' && id !== '' && id.length <= 200) return id;
  throw badUserInput(
    'An operation of an event stream needs a text of up to 200 characters in "extensions.operationId".',
  );
}

const next = (id: string, result: string) =>
  `event: next\ndata: {"id":${JSON.stringify(id)},"payload":${result}}\n\n`;

const complete = (id: string) => `event: complete\ndata: {"id":${JSON.stringify(id)}}\n\n`;
