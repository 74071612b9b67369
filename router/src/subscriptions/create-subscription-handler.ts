import { MedleyError } from '@medley/errors';
import type { Logger } from '@medley/service';
import pLimit from 'p-limit';
import type { OperationNotes, OperationRequest, RunOperation } from '../operation-runner.ts';
import { challenge, type OperationResponse, presentFailure, presentResult } from '../present.ts';
import type { AcceptedSubscription } from './accepted-subscription.ts';
import { asAnyone, refusesWhoAsks } from './asked-as.ts';
import { ClientQueue } from './client-queue.ts';
import type { PreparedSubscription, PrepareSubscription } from './prepare-subscription.ts';
import type { StreamSource, Subscriber } from './shared-stream.ts';
import { createSharedStreams } from './shared-streams.ts';
import type { StreamObserver } from './stream-observer.ts';
import type { ToStreamSource } from './stream-source.ts';
import { type ShownErrors, toStreamedResult } from './streamed-result.ts';
import type { StreamEnd, SubscriptionHandler } from './subscription-handler.ts';
import type { DependsOnViewer } from './viewer-dependence.ts';

/** Results that may wait for one client; more, and it is too slow. */
const longestQueue = 64;
/** For how long a client may take nothing of what waits, in milliseconds. */
const longestWaitMs = 30_000;
/** An event that is told to a newcomer may be this old, in milliseconds: licences hold within the same time of a change. */
const oldestMs = 1_000;
const sweepMs = 1_000;
/** How many clients of a stream that ended for all go on by themselves at the same time: there may be thousands. */
const beginningsAtOnce = 32;

export interface SubscriptionHandlerOptions {
  /** Its name, for the log and the metrics. */
  readonly graph: string;
  readonly run: RunOperation;
  readonly prepare: PrepareSubscription;
  readonly dependsOnViewer: DependsOnViewer;
  readonly toSource: ToStreamSource;
  readonly logger: Logger;
  readonly observe: StreamObserver;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** A client, and how to go on when he may not have what all may have. */
interface Client extends Subscriber {
  /** How it can still be asked for him, in this order: as anyone, as himself. */
  askAs: readonly StreamSource[];
}

export function createSubscriptionHandler(options: SubscriptionHandlerOptions): SubscriptionHandler {
  const { graph, run, prepare, toSource, logger, observe, clock } = options;
  const clients = new Set<Client>();
  const shared = createSharedStreams({
    oldestMs,
    clock,
    onCount: (streams) => observe.upstream(graph, streams),
  });
  const beginning = pLimit(beginningsAtOnce);
  let draining = false;
  let taken = 0;

  function sweep(): void {
    for (const { queue } of clients) if (queue.waitedMs > longestWaitMs) queue.end('TOO_SLOW');
    if (taken > 0) observe.delivered(graph, taken);
    taken = 0;
  }
  const sweeping = setInterval(sweep, sweepMs);
  sweeping.unref();

  /** What it may be asked for as. */
  function sourcesOf(
    accepted: AcceptedSubscription,
    { operation, plan }: PreparedSubscription,
    requestId: string,
  ): StreamSource[] {
    const variables = operation.readVariables(accepted.variables);
    const { identity } = accepted;
    const ask = (as: typeof identity) => toSource({ operation, plan, variables, identity: as, requestId });
    if (options.dependsOnViewer(accepted)) return [ask(identity)];
    const anyone = ask(asAnyone(identity));
    return identity.actor.kind === 'anonymous' ? [anyone] : [anyone, ask(identity)];
  }

  /** @returns why he is refused; empty when he is not */
  async function join(client: Client, after: string | undefined): Promise<ShownErrors> {
    for (;;) {
      const [source, ...others] = client.askAs;
      // He may have left meanwhile.
      if (!source || client.queue.isClosed) return [];
      client.askAs = others;
      const errors = await shared.join(source, after, client);
      if (others.length === 0 || !refusesWhoAsks(errors)) return errors;
    }
  }

  function createClient(requestId: string, onEnd: (end: StreamEnd | undefined) => void): Client {
    const finish = (errors: ShownErrors) =>
      client.queue.finish(errors.length > 0 ? toStreamedResult({ errors }, requestId) : undefined);
    const client: Client = {
      askAs: [],
      stream: undefined,
      queue: new ClientQueue({
        limit: longestQueue,
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
        if (client.askAs.length === 0 || !refusesWhoAsks(errors)) return finish(errors);
        // What all may see no longer: from the same place he goes on with what he himself may see.
        void beginning(async () => {
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
    transport: string,
  ): Promise<ClientQueue | OperationResponse> {
    const startedAt = performance.now();
    let isOpen = false;
    const noteEnd = (end: StreamEnd | undefined) => {
      if (!isOpen) return;
      const reason = end?.toLowerCase() ?? 'left';
      observe.ended(graph, transport, reason);
      const durationMs = Math.round(performance.now() - startedAt);
      logger.info({ ...line, reason, results: queue.taken, durationMs }, 'a subscription ended');
    };
    const client = createClient(requestId, noteEnd);
    const { queue } = client;
    const prepared = prepare(accepted);
    client.askAs = sourcesOf(accepted, prepared, requestId);
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
    transport: string,
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
