import type { Visitor } from '../../identity/read-identity.ts';
import type { OperationRequest } from '../../operation-runner.ts';
import { type OperationResponse, presentFailure } from '../../present.ts';
import type { ClientStream, StreamEnd, StreamTransport } from '../subscription-handler.ts';
import { asksForSubscription } from './asks-for-subscription.ts';
import { atExpiry } from './expiry.ts';
import type { LiveGraph } from './live-graph.ts';
import type { ResultText } from './result-frame.ts';
import type { AdmitStream } from './stream-admission.ts';
import { expiredResult, tooSlowResult } from './terminal-results.ts';

/**
 * How a transport tells a client of one operation. Results are GraphQL results in JSON. What a promise is returned for has reached the client when it
 * resolves, or never will.
 */
export interface OperationSink {
  /** It is a subscription, and was let in. */
  begun?(): void;
  /** Hands a result on, and waits until there is room for the next one. False: nobody is there any more. */
  next(result: ResultText): boolean | Promise<boolean>;
  /** Nothing of it ran. */
  refused(response: OperationResponse): unknown;
  /** It ends before its time; the result says why. */
  failed(result: string): unknown;
  completed(): unknown;
  /** This process stops: the client should come back and begin again after its last cursor. */
  draining(): void;
}

export interface OperationOptions {
  readonly transport: StreamTransport;
  /** Who asks, where the transport knows him and looks after his expiry for all his operations. */
  readonly visitor?: Visitor;
  /** Told when nothing runs for it any more, however it ended. */
  readonly onOver?: () => void;
}

/**
 * Runs an operation of any kind for one client.
 * @returns stops it, safe to call twice: the sink is not told of anything any more
 */
export function startOperation(
  graph: LiveGraph,
  request: OperationRequest,
  { transport, visitor, onOver = () => {} }: OperationOptions,
  sink: OperationSink,
): () => void {
  // A stream lives for long: it holds the id of its request, and not its text.
  const { requestId } = request;
  let stopped = false;
  let release = () => {};
  const stop = () => {
    stopped = true;
    release();
  };

  async function answer(response: OperationResponse) {
    if (stopped) return;
    // Where anything ran it is 200, whatever part of it failed.
    if (response.status !== 200) return sink.refused(response);
    if ((await sink.next({ text: response.body })) && !stopped) return sink.completed();
  }

  async function follow(opened: Awaited<ReturnType<AdmitStream>>) {
    if ('refused' in opened) {
      return stopped ? undefined : sink.refused(opened.refused);
    }
    release = opened.release;
    let expired = false;
    let ended: StreamEnd | undefined;
    const callOff = atExpiry(visitor ? undefined : opened.visitor.expiresAt, graph.clock, () => {
      expired = true;
      opened.stream.close();
    });
    try {
      if (!stopped) sink.begun?.();
      if (!stopped) await passOn(opened.stream, sink);
      ended = opened.stream.ended;
    } finally {
      callOff();
      release();
    }
    if (stopped) return;
    if (expired) return sink.failed(expiredResult(requestId));
    switch (ended) {
      case 'COMPLETE':
        return sink.completed();
      case 'TOO_SLOW':
        return sink.failed(tooSlowResult(requestId));
      case 'DRAINING':
        return sink.draining();
    }
  }

  const run = asksForSubscription(request.body, graph.limits)
    ? graph.admitStream(request, transport, visitor).then(follow)
    : graph.handle(request).then(answer);
  run
    .catch((error: unknown) => {
      graph.logger.error({ err: error, requestId, transport }, 'a transport failed');
      if (!stopped) sink.failed(presentFailure(error, requestId).body);
    })
    .finally(onOver);
  return stop;
}

async function passOn({ results }: ClientStream, sink: OperationSink): Promise<void> {
  for await (const result of results) {
    const more = sink.next(result);
    // Most clients have room, and a promise for each of their results would be one too many.
    if (!(typeof more === 'boolean' ? more : await more)) return;
  }
}
