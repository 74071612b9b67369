import type { FastifyReply } from 'fastify';
import type { OperationRequest } from '../../operation-runner.ts';
import type { OperationResponse } from '../../present.ts';
import { type HttpStream, openHttpStream } from './http-stream.ts';
import type { LiveGraph } from './live-graph.ts';
import type { OpenConnections } from './open-connections.ts';
import { startOperation } from './start-operation.ts';

/**
 * Answers a subscription in parts, by Apollo's protocol (https://www.apollographql.com/docs/graphos/routing/operations/subscriptions/multipart-protocol).
 * @returns the answer to one that is refused, as a query would have been; undefined when it runs
 */
export function serveMultipart(
  graph: LiveGraph,
  request: OperationRequest,
  reply: FastifyReply,
  headers: Readonly<Record<string, string>>,
  connections: OpenConnections,
): Promise<OperationResponse | undefined> {
  return new Promise((answer) => {
    let stream: HttpStream | undefined;
    let remove = () => {};
    const left = () => {
      stop();
      remove();
      answer(undefined);
    };
    reply.raw.once('close', left);
    const stop = startOperation(
      graph,
      request,
      { transport: 'multipart' },
      {
        begun() {
          stream = openHttpStream(reply, {
            headers: {
              ...headers,
              'content-type': 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0"',
            },
            preamble: boundary,
            heartbeat: part('{}'),
            heartbeatMs: 5_000,
            stallMs: 30_000,
            onClose: left,
          });
          remove = connections.add(
            'multipart',
            () => stream?.destroySoon(),
            () => stream?.destroy(),
          );
          answer(undefined);
        },
        next: ({ text }) => stream?.write(part(`{"payload":${text}}`)) ?? false,
        refused: answer,
        // Not of the operation, but of its transport: clients of this protocol tell them apart.
        failed: (result) => stream?.end(`${part(`{"payload":null,${result.slice(1)}`)}--\r\n`),
        completed: () => stream?.end('--\r\n'),
        draining: () => stream?.destroySoon(),
      },
    );
  });
}

const boundary = '\r\n--graphql';

/** It ends with the boundary, without which clients do not know that it is whole. */
const part = (json: string) => `\r\ncontent-type: application/json\r\n\r\n${json}${boundary}`;
