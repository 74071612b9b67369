import { badUserInput, MedleyError } from '@medley/errors';
import type { FastifyReply } from 'fastify';
import { accountOf, allowsAsMuch } from '../../identity/compare-identities.ts';
import type { IdentitySource, Visitor } from '../../identity/read-identity.ts';
import type { OperationRequest } from '../../operation-runner.ts';
import { atExpiry } from './expiry.ts';
import type { HttpStream } from './http-stream.ts';
import type { LiveGraph } from './live-graph.ts';
import type { OpenConnections } from './open-connections.ts';
import { openEventStream } from './server-sent-events.ts';
import { startOperation } from './start-operation.ts';
import { createStreamReservations } from './stream-reservations.ts';
import { expiredResult, tooSlowResult } from './terminal-results.ts';

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
  readonly stream: HttpStream;
  readonly operations: Map<string, { readonly stop: () => void; readonly requestId: string }>;
  cancelExpiry: () => void;
}

const maxOperations = 1_000;
/**
 * How much may wait in this process for a client to take it, in bytes; results that come then end their operations. Streams wait for the client, but
 * answers to queries are there at once, as many as were asked for.
 */
const maxUnreadBytes = 4_194_304;

export function createSingleConnections(graph: LiveGraph, connections: OpenConnections): SingleConnections {
  const reservations = createStreamReservations();
  const open = new Map<string, Connection>();

  function watchExpiry(connection: Connection): void {
    connection.cancelExpiry();
    connection.cancelExpiry = atExpiry(connection.visitor.expiresAt, graph.clock, () => {
      const { stream, operations } = connection;
      for (const [id, { stop, requestId }] of operations) {
        stop();
        void stream.write(next(id, expiredResult(requestId)) + complete(id));
      }
      operations.clear();
      stream.end();
    });
  }

  /** @throws MedleyError */
  function findOpen(token: string): Connection {
    const connection = open.get(token);
    if (connection) return connection;
    if (reservations.has(token))
      throw new MedleyError('CONFLICT', 'Open the event stream of this token first.');
    throw noStream();
  }

  /** Goes on until the later credential expires, when that allows all that was begun with the one before. @returns whether it is the one that counts now */
  function renew(connection: Connection, visitor: Visitor): boolean {
    if (
      allowsAsMuch(visitor.identity, connection.visitor.identity) &&
      endOf(visitor) > endOf(connection.visitor)
    ) {
      connection.visitor = visitor;
      watchExpiry(connection);
    }
    return allowsAsMuch(connection.visitor.identity, visitor.identity);
  }

  function run(
    { stream, operations }: Connection,
    id: string,
    request: OperationRequest,
    visitor: Visitor | undefined,
  ): void {
    const { requestId } = request;
    const finish = (text: string) => {
      if (operations.get(id)?.stop === stop) operations.delete(id);
      return stream.write(text);
    };
    const last = (result: string) =>
      finish(next(id, hasRoom(stream) ? result : tooSlowResult(requestId)) + complete(id));
    const stop = startOperation(
      graph,
      request,
      { transport: 'sse', visitor },
      {
        next({ text }) {
          if (hasRoom(stream)) return stream.write(next(id, text));
          void last(text);
          return false;
        },
        refused: ({ body }) => last(body),
        failed: last,
        completed: () => finish(complete(id)),
        draining: () => stream.destroySoon(),
      },
    );
    operations.set(id, { stop, requestId });
  }

  return {
    async reserve(source) {
      return reservations.add(await graph.readVisitor(source));
    },

    open(token, reply, headers) {
      if (open.has(token))
        throw new MedleyError('CONFLICT', 'The event stream of this token is open already.');
      const visitor = reservations.take(token);
      if (!visitor) throw noStream();
      const stream = openEventStream(reply, headers, () => {
        open.delete(token);
        connection.cancelExpiry();
        for (const { stop } of connection.operations.values()) stop();
        remove();
      });
      const connection: Connection = { visitor, stream, operations: new Map(), cancelExpiry: () => {} };
      const remove = connections.add('sse', stream.destroySoon, stream.destroy);
      open.set(token, connection);
      watchExpiry(connection);
    },

    async start(token, request) {
      const visitor = await graph.readVisitor(request);
      const connection = findOpen(token);
      const { operations } = connection;
      if (accountOf(visitor.identity) !== accountOf(connection.visitor.identity)) {
        throw new MedleyError('FORBIDDEN', 'The event stream of this token is of another account.');
      }
      const id = operationIdOf(request.body);
      if (operations.has(id))
        throw new MedleyError('CONFLICT', 'An operation with this id is running already.');
      if (!hasRoom(connection.stream))
        throw new MedleyError('TOO_SLOW', 'Read the event stream first: too much waits there for you.');
      if (operations.size >= maxOperations) {
        const message = `An event stream carries at most ${maxOperations} operations at once.`;
        throw new MedleyError('RATE_LIMITED', message, { limit: maxOperations });
      }
      const isCovered = renew(connection, visitor);
      // What the credential of the connection does not allow ends with its own.
      run(connection, id, request, isCovered ? visitor : undefined);
    },

    stop(token, operationId) {
      const connection = open.get(token);
      if (!connection && !reservations.has(token)) throw noStream();
      connection?.operations.get(operationId)?.stop();
      connection?.operations.delete(operationId);
    },
  };
}

const hasRoom = ({ unreadBytes }: HttpStream) => unreadBytes <= maxUnreadBytes;

const noStream = () => new MedleyError('NOT_FOUND', 'There is no event stream of this token: reserve one.');

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
