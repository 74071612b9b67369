import type { FormattedExecutionResult } from 'graphql';
import type { OperationRequest } from '../operation-runner.ts';
import type { OperationResponse } from '../present.ts';

/** A result of a subscription; one object for all who share it. */
export interface StreamedResult {
  /** With its errors masked, and the id of the request in each. */
  readonly value: FormattedExecutionResult;
  /** The value as JSON. */
  readonly text: string;
}

/**
 * Why a stream ended. `COMPLETE`: for good; a last result may have told why. `DRAINING`: this process stops, the client should come back at once
 * with its last cursor. `TOO_SLOW`: the client did not take what waited for it.
 */
export type StreamEnd = 'COMPLETE' | 'DRAINING' | 'TOO_SLOW';

/** A subscription of one client. */
export interface ClientStream {
  /**
   * Results in their order, one after the other as the client takes them; what waits meanwhile is bounded. It returns when the stream has ended, then
   * `ended` says why. Leaving the loop, or `close`, ends all that runs for this client alone.
   */
  readonly results: AsyncIterable<StreamedResult>;
  /** Undefined while it goes on, and after `close`. */
  readonly ended: StreamEnd | undefined;
  /** Safe to call twice. */
  close(): void;
}

export type OpenedSubscription =
  /** As a query would have been. */
  { readonly refused: OperationResponse } | { readonly stream: ClientStream };

/** The protocol that a client is served by, for log and metrics. */
export type StreamTransport = 'websocket' | 'sse' | 'multipart';

/** Runs subscriptions, without a transport. */
export interface SubscriptionHandler {
  /** Reads, measures and judges the operation as any other, and begins it. Never throws. */
  open(request: OperationRequest, transport: StreamTransport): Promise<OpenedSubscription>;
  /** Ends all streams with `DRAINING`, and refuses new ones with UPSTREAM_UNAVAILABLE. Resolves when nothing runs upstream any more. */
  drain(): Promise<void>;
}
