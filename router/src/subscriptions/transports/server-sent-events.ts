import type { FastifyReply } from 'fastify';
import type { OperationRequest } from '../../operation-runner.ts';
import { type HttpStream, openHttpStream } from './http-stream.ts';
import type { LiveGraph } from './live-graph.ts';
import type { OpenConnections } from './open-connections.ts';
import { startOperation } from './start-operation.ts';

/** Opens an event stream, by the protocol of graphql-sse (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md). */
export function openEventStream(
  reply: FastifyReply,
  headers: Readonly<Record<string, string>>,
  onClose: () => void,
): HttpStream {
  return openHttpStream(reply, {
    headers: { ...headers, 'content-type': 'text/event-stream; charset=utf-8' },
    preamble: ':\n\n',
    heartbeat: ':\n\n',
    heartbeatMs: 12_000,
    stallMs: 30_000,
    onClose,
  });
}

/**
 * Answers one operation with an event stream of its own. Also what refuses it comes in the stream, as the protocol wants: a client sees no more of
 * another status than the number.
 */
export function serveEventStream(
  graph: LiveGraph,
  request: OperationRequest,
  reply: FastifyReply,
  headers: Readonly<Record<string, string>>,
  connections: OpenConnections,
): void {
  const stream = openEventStream(reply, headers, () => {
    stop();
    remove();
  });
  const remove = connections.add('sse', stream.destroySoon, stream.destroy);
  const finish = (result: string) => stream.end(next(result) + complete);
  const stop = startOperation(
    graph,
    request,
    { transport: 'sse' },
    {
      next: ({ text }) => stream.write(next(text)),
      refused: ({ body }) => finish(body),
      failed: finish,
      completed: () => stream.end(complete),
      draining: () => stream.destroySoon(),
    },
  );
}

const next = (result: string) => `event: next\ndata: ${result}\n\n`;

// A browser's EventSource tells nobody of an event without data.
const complete = 'event: complete\ndata: \n\n';
