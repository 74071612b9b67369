import type { Identity } from '@medley/identity';
import type { Logger, Metrics } from '@medley/service';
import type { ReadVisitor, Visitor } from '../../identity/read-identity.ts';
import type { OperationRequest } from '../../operation-runner.ts';
import { challenge, type OperationResponse, presentFailure } from '../../present.ts';
import type { StreamLimiter } from '../../stream-limits/stream-limiter.ts';
import { holdersOf, type StreamLimits, tooManyStreams } from '../../stream-limits/stream-limits.ts';
import type { ClientStream, SubscriptionHandler } from '../subscription-handler.ts';

/** A stream that takes a place among those of whoever opened it. */
export interface AdmittedStream {
  readonly stream: ClientStream;
  readonly visitor: Visitor;
  /** Closes the stream and gives its place back. Safe to call twice; it must be called. */
  leave(): void;
}

/** Where the streams of all transports come in. Never throws. */
export interface StreamDoor {
  /** @param visitor who asks, where the transport knows him already */
  open(
    request: OperationRequest,
    transport: string,
    visitor?: Visitor,
  ): Promise<AdmittedStream | { readonly refused: OperationResponse }>;
}

export interface StreamDoorOptions {
  readonly subscriptions: SubscriptionHandler;
  readonly readVisitor: ReadVisitor;
  readonly limiter: StreamLimiter;
  readonly limits: StreamLimits;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Lets in as many streams as their holders have places, before anything of them is begun. */
export function createStreamDoor(options: StreamDoorOptions): StreamDoor {
  const { subscriptions, readVisitor, limiter, limits, logger } = options;
  const asked = options.metrics.counter(
    'medley_router_limited_streams_total',
    'Subscriptions that were asked for, by whether the limit of open streams let them through.',
    ['outcome'],
  );

  /** @throws MedleyError RATE_LIMITED */
  async function takePlaces(identity: Identity): Promise<() => void> {
    const places: (() => void)[] = [];
    const giveBack = () => {
      for (const place of places.splice(0)) place();
    };
    for (const holder of holdersOf(identity, limits)) {
      const place = await limiter.take(holder.key, holder.limit);
      if (!place) {
        giveBack();
        asked.inc({ outcome: 'refused' });
        throw tooManyStreams(holder);
      }
      places.push(place);
    }
    asked.inc({ outcome: 'allowed' });
    return giveBack;
  }

  async function admit(
    request: OperationRequest,
    transport: string,
    known: Visitor | undefined,
  ): ReturnType<StreamDoor['open']> {
    const visitor = known ?? (await readVisitor(request));
    const giveBack = await takePlaces(visitor.identity);
    const opened = await subscriptions.open({ ...request, identity: visitor.identity }, transport);
    if ('refused' in opened) {
      giveBack();
      return opened;
    }
    const { stream } = opened;
    return {
      stream,
      visitor,
      leave() {
        stream.close();
        giveBack();
      },
    };
  }

  return {
    open: (request, transport, visitor) =>
      admit(request, transport, visitor).catch((error: unknown) => {
        const { requestId, authorization } = request;
        const refused = challenge(presentFailure(error, requestId), authorization);
        logger.info({ requestId, transport, codes: refused.codes }, 'a subscription was not let in');
        return { refused };
      }),
  };
}
