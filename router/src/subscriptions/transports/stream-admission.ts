import type { Identity } from '@medley/identity';
import type { Logger, Metrics } from '@medley/service';
import type { ReadVisitor, Visitor } from '../../identity/read-identity.ts';
import type { OperationRequest } from '../../operation-runner.ts';
import { challenge, type OperationResponse, presentFailure } from '../../present.ts';
import type { StreamLimiter } from '../../stream-limits/stream-limiter.ts';
import { holdersOf, type StreamLimits, tooManyStreams } from '../../stream-limits/stream-limits.ts';
import type { ClientStream, StreamTransport, SubscriptionHandler } from '../subscription-handler.ts';

/** A stream that takes a slot among those of whoever opened it. */
export interface AdmittedStream {
  readonly stream: ClientStream;
  readonly visitor: Visitor;
  /** Closes the stream and gives its slot back. Safe to call twice; it must be called. */
  release(): void;
}

/**
 * Opens a subscription, of whichever transport, when its holder has a slot left for it. Never throws.
 * @param visitor who asks, where the transport knows him already
 */
export type AdmitStream = (
  request: OperationRequest,
  transport: StreamTransport,
  visitor?: Visitor,
) => Promise<AdmittedStream | { readonly refused: OperationResponse }>;

export interface StreamAdmissionOptions {
  readonly subscriptions: SubscriptionHandler;
  readonly readVisitor: ReadVisitor;
  readonly limiter: StreamLimiter;
  readonly limits: StreamLimits;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Admits as many streams as their holders have slots, before anything of them is begun. */
export function createStreamAdmission(options: StreamAdmissionOptions): AdmitStream {
  const { subscriptions, readVisitor, limiter, limits, logger } = options;
  const asked = options.metrics.counter(
    'medley_router_limited_streams_total',
    'Subscriptions that were asked for, by whether the limit of open streams let them through.',
    ['outcome'],
  );

  /** @throws MedleyError RATE_LIMITED */
  async function takeSlots(identity: Identity): Promise<() => void> {
    const slots: (() => void)[] = [];
    const release = () => {
      for (const slot of slots.splice(0)) slot();
    };
    for (const holder of holdersOf(identity, limits)) {
      const slot = await limiter.take(holder.key, holder.limit);
      if (!slot) {
        release();
        asked.inc({ outcome: 'refused' });
        throw tooManyStreams(holder);
      }
      slots.push(slot);
    }
    asked.inc({ outcome: 'allowed' });
    return release;
  }

  async function admit(
    request: OperationRequest,
    transport: StreamTransport,
    known: Visitor | undefined,
  ): ReturnType<AdmitStream> {
    const visitor = known ?? (await readVisitor(request));
    const releaseSlots = await takeSlots(visitor.identity);
    const opened = await subscriptions.open({ ...request, identity: visitor.identity }, transport);
    if ('refused' in opened) {
      releaseSlots();
      return opened;
    }
    const { stream } = opened;
    return {
      stream,
      visitor,
      release() {
        stream.close();
        releaseSlots();
      },
    };
  }

  return (request, transport, visitor) =>
    admit(request, transport, visitor).catch((error: unknown) => {
      const { requestId, authorization } = request;
      const refused = challenge(presentFailure(error, requestId), authorization);
      logger.info({ requestId, transport, codes: refused.codes }, 'a subscription was not let in');
      return { refused };
    });
}
