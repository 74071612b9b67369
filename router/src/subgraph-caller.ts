import { MedleyError } from '@medley/errors';
import { type ClaimName, createIdentitySigner } from '@medley/identity';
import type { Logger, Metrics } from '@medley/service';
import type { SigningKeys } from '@medley/signing-keys';
import { LinkError, type SubgraphLink } from '@medley/subgraph-link';
import type { GraphQLFormattedError } from 'graphql';
import type { Asker } from './context.ts';

export interface SubgraphRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly operationName?: string | undefined;
}

export interface SubgraphAnswer {
  readonly data: Record<string, unknown> | null;
  readonly errors: readonly GraphQLFormattedError[];
  /** The header `cache-control` of the answer. */
  readonly cacheControl: string | undefined;
}

/** Asks one subgraph, signed, within a time limit. */
export interface SubgraphCaller {
  readonly name: string;
  /** @throws MedleyError UPSTREAM_TIMEOUT or UPSTREAM_UNAVAILABLE, without addresses */
  call(request: SubgraphRequest, asker: Asker): Promise<SubgraphAnswer>;
}

export interface SubgraphCallerOptions {
  readonly name: string;
  readonly link: SubgraphLink;
  readonly keys: SigningKeys;
  /** The claims of a query; a mutation tells the actor too. */
  readonly reads: readonly ClaimName[];
  /** How long one answer may take, in milliseconds; the operation's deadline may cut it shorter. */
  readonly timeoutMs: number;
  readonly logger: Logger;
  readonly observe: FetchObserver;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** Notes how long a subgraph took, and how it ended. */
export type FetchObserver = (subgraph: string, outcome: string, durationMs: number) => void;

export function createFetchObserver(metrics: Metrics): FetchObserver {
  const fetches = metrics.histogram(
    'medley_router_fetch_seconds',
    'How long a subgraph took to answer the router, by outcome: ok, errors or the code of the failure.',
    ['subgraph', 'outcome'],
  );
  return (subgraph, outcome, durationMs) => fetches.observe({ subgraph, outcome }, durationMs / 1_000);
}

export function createSubgraphCaller(options: SubgraphCallerOptions): SubgraphCaller {
  const { name, link, keys, reads, timeoutMs, logger, observe, clock } = options;
  const signerOf = (reads: readonly ClaimName[]) =>
    createIdentitySigner({ audience: name, keys, reads, now: clock });
  const queries = signerOf(reads);
  // Whoever changes something is told to the subgraph, also to one whose answers are the same for all.
  const mutations = signerOf([...new Set<ClaimName>([...reads, 'actor'])]);

  const timedOut = () => new MedleyError('UPSTREAM_TIMEOUT', `The subgraph ${name} did not answer in time.`);

  async function send(request: SubgraphRequest, asker: Asker, signal: AbortSignal): Promise<SubgraphAnswer> {
    const { requestId, deadline, identity } = asker;
    const body = JSON.stringify(request);
    const signer = isMutation(request) ? mutations : queries;
    const response = await link.send({
      body,
      identity: signer.sign(identity, { body, requestId, deadline }),
      requestId,
      signal,
    });
    return { ...parseAnswer(response.body, name), cacheControl: response.cacheControl };
  }

  return {
    name,
    async call(request, asker) {
      const limitMs = Math.ceil(Math.min(timeoutMs, asker.deadline - clock()));
      if (limitMs <= 0) throw timedOut();
      const startedAt = performance.now();
      let outcome = 'ok';
      try {
        const signal = AbortSignal.timeout(limitMs);
        const answer = await send(request, asker, signal).catch((error: unknown) => {
          if (mayAskAgain(request, error)) return send(request, asker, signal);
          throw error;
        });
        if (answer.errors.length > 0) outcome = 'errors';
        return answer;
      } catch (error) {
        const code = error instanceof LinkError ? error.code : 'UPSTREAM_UNAVAILABLE';
        outcome = code;
        logger.warn({ err: error, subgraph: name, requestId: asker.requestId }, 'a subgraph failed');
        throw code === 'UPSTREAM_TIMEOUT'
          ? timedOut()
          : new MedleyError(code, `The subgraph ${name} cannot be reached at the moment.`);
      } finally {
        observe(name, outcome, performance.now() - startedAt);
      }
    },
  };
}

/**
 * Once more, at once, when the connection failed: the moment in which a replica is replaced. Never a mutation, which may
 * have run, and never after a time-out or an answer: that would double the load of a subgraph that is in trouble.
 */
function mayAskAgain(request: SubgraphRequest, error: unknown): boolean {
  return error instanceof LinkError && error.disconnected && !isMutation(request);
}

const isMutation = ({ query }: SubgraphRequest) => /^\s*mutation\b/.test(query);

function parseAnswer(text: string, name: string): Pick<SubgraphAnswer, 'data' | 'errors'> {
  const unusable = (cause?: unknown) =>
    new LinkError('UPSTREAM_UNAVAILABLE', `${name} answered with something that is not GraphQL`, cause);
  let answer: { data?: unknown; errors?: unknown } | null;
  try {
    answer = JSON.parse(text);
  } catch (error) {
    throw unusable(error);
  }
  if (typeof answer !== 'object' || answer === null) throw unusable();
  const { data = null, errors = [] } = answer;
  if (typeof data !== 'object' || Array.isArray(data) || !Array.isArray(errors)) throw unusable();
  if (data === null && errors.length === 0) throw unusable();
  return { data: data as SubgraphAnswer['data'], errors };
}
