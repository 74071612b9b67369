import { MedleyError } from '@medley/errors';
import type { Logger } from '@medley/service';
import pLimit from 'p-limit';
import type { OperationNotes, OperationRequest, RunOperation } from '../operation-runner.ts';
import { challenge, type OperationResponse, presentFailure, presentResult } from '../present.ts';
import type { AcceptedSubscription } from './accepted-subscription.ts';
import { ClientQueue } from './client-queue.ts';
import type { PreparedSubscription, PrepareSubscription } from './prepare-subscription.ts';
import type { StreamSource, Subscriber } from './shared-stream.ts';
import { createSharedStreams } from './shared-streams.ts';
import { toAnonymous } from './source-identity.ts';
import type { StreamObserver } from './stream-observer.ts';
import type { CreateStreamSource } from './stream-source.ts';
import { isAccessDenied, type ShownErrors, toStreamedResult } from './streamed-result.ts';
import type { StreamEnd, StreamTransport, SubscriptionHandler } from './subscription-handler.ts';
import type { DependsOnViewer } from './viewer-dependence.ts';

/** Results that may wait for one client; more, and it is too slow. */
const maxQueueLength = 64;
/** For how long a client may take nothing of what waits, in milliseconds. */
const maxStallMs = 30_000;
/**
 * An event that is given to a newcomer may be this old, in milliseconds: what it tells may have become private meanwhile. Longer than its completion
 * mostly takes, so that however many come at once, they begin no more than some ten streams a second together, each until it meets that of the others.
 */
const maxAgeMs = 100;
const sweepMs = 1_000;
/** How many clients of a stream that ended for all go on by themselves at the same time: there may be thousands. */
const maxConcurrentBegins = 32;

export interface SubscriptionHandlerOptions {
  /** Its name, for the log and the metrics. */
  readonly graph: string;
  readonly run: RunOperation;
  readonly prepare: PrepareSubscription;
  readonly dependsOnViewer: DependsOnViewer;
  readonly createSource: CreateStreamSource;
  readonly logger: Logger;
  readonly observe: StreamObserver;
  /** Milliseconds since any fixed moment; it never goes back. */
  readonly clock: () => number;
}

/** A client, and how to go on when he may not have what all may have. */
interface Client extends Subscriber {
  /** What can still be tried for him, in this order: as anyone, as himself. */
  sources: readonly StreamSource[];
}

export function createSubscriptionHandler(options: SubscriptionHandlerOptions): SubscriptionHandler {
  const { graph, run, prepare, createSource, logger, observe, clock } = options;
  const clients = new Set<Client>();
  const shared = createSharedStreams({
    maxAgeMs,
    clock,
    onCount: (streams) => observe.upstream(graph, streams),
  });
  const limitBegins = pLimit(maxConcurrentBegins);
  let draining = false;
  let taken = 0;

  function sweep(): void {
    for (const { queue } of clients) if (queue.stalledMs > maxStallMs) queue.end('TOO_SLOW');
    if (taken > 0) observe.delivered(graph, taken);
    taken = 0;
  }
  const sweeping = setInterval(sweep, sweepMs);
  sweeping.unref();

  /** As anyone, where nothing in it depends on who asks, and as the viewer. */
  function sourcesOf(
    accepted: AcceptedSubscription,
    { operation, plan }: PreparedSubscription,
    requestId: string,
  ): StreamSource[] {
    const variables = operation.readVariables(accepted.variables);
    const { identity } = accepted;
    const sourceAs = (as: typeof identity) =>
      createSource({ operation, plan, variables, identity: as, requestId });
    if (options.dependsOnViewer(accepted)) return [sourceAs(identity)];
    const anyone = sourceAs(toAnonymous(identity));
    return identity.actor.kind === 'anonymous' ? [anyone] : [anyone, sourceAs(identity)];
  }

  /** @returns why he is refused; empty when he is not */
  async function join(client: Client, after: string | undefined): Promise<ShownErrors> {
    for (;;) {
      const [source, ...others] = client.sources;
      // He may have left meanwhile.
      if (!source || client.queue.isClosed) return [];
      client.sources = others;
      const errors = await shared.join(source, after, client);
      if (others.length === 0 || !isAccessDenied(errors)) return errors;
    }
  }

  function createClient(requestId: string, onEnd: (end: StreamEnd | undefined) => void): Client {
    const finish = (errors: ShownErrors) =>
      client.queue.finish(errors.length > 0 ? toStreamedResult({ errors }, requestId) : undefined);
    const client: Client = {
      sources: [],
      stream: undefined,
      queue: new ClientQueue({
        limit: maxQueueLength,
        clock,
        onTaken: () => {
          taken += 1;
        },
        onEnd(end) {
          client.stream?.leave(client);
          clients.delete(client);
          onEnd(end);
        },
      }),
      onStreamEnd(errors, position) {
        if (client.sources.length === 0 || !isAccessDenied(errors)) return finish(errors);
        // What all may see no longer: from the same place he goes on with what he himself may see.
        void limitBegins(async () => {
          const refusal = await join(client, position);
          if (refusal.length > 0) finish(refusal);
        });
      },
    };
    return client;
  }

  async function begin(
    accepted: AcceptedSubscription,
    { requestId, authorization }: OperationRequest,
    line: Record<string, unknown>,
    transport: StreamTransport,
  ): Promise<ClientQueue | OperationResponse> {
    const startedAt = performance.now();
    let isOpen = false;
    const noteEnd = (end: StreamEnd | undefined) => {
      if (!isOpen) return;
      const reason = end ? (end.toLowerCase() as Lowercase<StreamEnd>) : 'left';
      observe.ended(graph, transport, reason);
      const durationMs = Math.round(performance.now() - startedAt);
      logger.info({ ...line, reason, results: queue.taken, durationMs }, 'a subscription ended');
    };
    const client = createClient(requestId, noteEnd);
    const { queue } = client;
    const prepared = prepare(accepted);
    client.sources = sourcesOf(accepted, prepared, requestId);
    clients.add(client);
    const errors = await join(client, prepared.operation.readAfter(accepted.variables));
    if (errors.length > 0) {
      queue.close();
      return challenge(presentResult({ errors }, requestId), authorization);
    }
    if (draining) return presentFailure(stopping(), requestId);
    isOpen = true;
    observe.opened(graph, transport);
    logger.info({ ...line, durationMs: Math.round(performance.now() - startedAt) }, 'a subscription began');
    // It may have been short.
    if (queue.ended) noteEnd(queue.ended);
    return queue;
  }

  async function open(
    request: OperationRequest,
    transport: StreamTransport,
    line: Record<string, unknown>,
  ): Promise<ClientQueue | OperationResponse> {
    const { requestId } = request;
    if (draining) return presentFailure(stopping(), requestId);
    let accepted: AcceptedSubscription | undefined;
    const { response, notes } = await run(request, (subscription) => {
      accepted = subscription;
    });
    Object.assign(line, notes satisfies OperationNotes);
    if (!accepted) return response;
    if (draining) return presentFailure(stopping(), requestId);
    return begin(accepted, request, line, transport);
  }

  return {
    async open(request, transport) {
      const { requestId } = request;
      const line: Record<string, unknown> = { requestId, graph, transport };
      const opened = await open(request, transport, line).catch((error: unknown) => {
        if (!(error instanceof MedleyError)) logger.error({ err: error, requestId }, 'an operation failed');
        return presentFailure(error, requestId);
      });
      if (opened instanceof ClientQueue) return { stream: opened };
      const { status, codes } = opened;
      observe.refused(graph, transport, codes[0] ?? 'none');
      logger.info({ ...line, status, codes: [...new Set(codes)] }, 'a subscription was refused');
      return { refused: opened };
    },
    async drain() {
      draining = true;
      clearInterval(sweeping);
      for (const { queue } of [...clients]) queue.end('DRAINING');
      sweep();
      await shared.whenIdle();
    },
  };
}

const stopping = () =>
  new MedleyError('UPSTREAM_UNAVAILABLE', 'This process stops: connect again, and another one answers.');
