import { randomUUID } from 'node:crypto';
import { createIdentitySigner, type Identity } from '@medley/identity';
import type { SigningKeys } from '@medley/signing-keys';
import { LinkError, type SubgraphLink } from '@medley/subgraph-link';
import { z } from 'zod';

/** Asks another subgraph for what it tells services only. */
export interface ServiceCaller {
  /** The subgraph that is asked. */
  readonly subgraph: string;
  /**
   * The `data` of the answer. When the connection failed the subgraph is asked once more at once, as it may just have
   * closed an idle connection or been replaced; one that answered badly would only answer so again.
   * @throws ServiceCallError when there is no answer in time, when it has errors, or `data` is not as it should be
   */
  ask<Data>(question: Question<Data>): Promise<Data>;
}

/** When an answer is of use, and whose it is in the logs. */
export interface QuestionTime {
  /** Of the request that this is for; a new one where there is none. */
  readonly requestId?: string;
  /** When an answer comes too late, in milliseconds since 1970; the caller's own time out holds as well. */
  readonly deadline?: number;
}

export interface Question<Data> extends QuestionTime {
  /** A GraphQL operation. It must only read: it may be sent twice. */
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** What `data` must look like. */
  readonly data: z.ZodType<Data>;
}

/** A subgraph did not answer a service as it should. The message is for logs: it may hold addresses. */
export class ServiceCallError extends Error {
  /** Whether it was too slow, or away, wrong or refusing. */
  readonly code: 'UPSTREAM_TIMEOUT' | 'UPSTREAM_UNAVAILABLE';
  /** The one that was asked. */
  readonly subgraph: string;

  constructor(code: ServiceCallError['code'], subgraph: string, reason: string, cause?: unknown) {
    super(`${subgraph} did not answer a service: ${reason}`, { cause });
    this.name = 'ServiceCallError';
    this.code = code;
    this.subgraph = subgraph;
  }
}

/**
 * Asks in the name of this service, by requests that are signed for one subgraph and one body.
 * @param service who asks: the name of this subgraph
 * @param subgraph who is asked
 * @param keys shared with that subgraph, which takes them for services only
 * @param timeoutMs how long an answer is worth waiting for, a second try included
 */
export function createServiceCaller({
  service,
  subgraph,
  link,
  keys,
  timeoutMs = 5_000,
  clock = Date.now,
}: {
  service: string;
  subgraph: string;
  link: SubgraphLink;
  keys: SigningKeys;
  timeoutMs?: number;
  /** Milliseconds since 1970. */
  clock?: () => number;
}): ServiceCaller {
  const signer = createIdentitySigner({ audience: subgraph, keys, reads: ['actor'], now: clock });
  const self = toIdentity(service);
  return {
    subgraph,
    async ask({ query, variables = {}, data, requestId = randomUUID(), deadline = Infinity }) {
      const waitMs = Math.floor(Math.min(timeoutMs, deadline - clock()));
      if (waitMs <= 0) throw new ServiceCallError('UPSTREAM_TIMEOUT', subgraph, 'no time was left to ask');
      const body = JSON.stringify({ query, variables });
      const signed = { body, requestId, deadline: clock() + waitMs };
      const signal = AbortSignal.timeout(waitMs);
      // A signature is good for one request, so the second try gets its own.
      const send = () => link.send({ body, identity: signer.sign(self, signed), requestId, signal });
      try {
        const answer = await send().catch((error: unknown) => {
          if (error instanceof LinkError && error.disconnected) return send();
          throw error;
        });
        return readData(answer.body, data);
      } catch (error) {
        throw toCallError(error, subgraph);
      }
    },
  };
}

const toIdentity = (service: string): Identity => ({
  actor: { kind: 'service', id: service },
  market: null,
  marketSource: null,
  explicit: true,
  clientAddress: null,
});

const answerSchema = z.object({ data: z.unknown(), errors: z.never().optional() });
const errorsSchema = z.object({ errors: z.array(z.object({ message: z.string() })).nonempty() });

/** Data beside errors is refused too: where it is null, it may have failed, and that is not "there is none". */
function readData<Data>(body: string, data: z.ZodType<Data>): Data {
  const answer: unknown = JSON.parse(body);
  const failed = errorsSchema.safeParse(answer);
  if (failed.success) throw new Error(failed.data.errors.map(({ message }) => message).join('; '));
  return data.parse(answerSchema.parse(answer).data);
}

function toCallError(error: unknown, subgraph: string): ServiceCallError {
  const code = error instanceof LinkError ? error.code : 'UPSTREAM_UNAVAILABLE';
  const reason = error instanceof Error ? error.message : String(error);
  return new ServiceCallError(code, subgraph, reason, error);
}
