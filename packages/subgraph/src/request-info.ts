import type { Actor, IdentityClaims } from '@medley/identity';

/** What a resolver may know about its request: the signed claims, as far as the subgraph declared to read them. */
export interface RequestInfo {
  /** Anonymous where the subgraph does not read it. */
  readonly actor: Actor;
  /** ISO 3166-1 alpha-2; null when unknown, or when the subgraph does not read it. */
  readonly market: string | null;
  readonly marketSource: 'ADDRESS' | 'ACCOUNT' | null;
  /** Whether explicit tracks may be shown. */
  readonly explicit: boolean;
  readonly clientAddress: string | null;
  readonly requestId: string;
  /** When the client stops waiting, in milliseconds since 1970. */
  readonly deadline: number;
  /** Aborted when a subscription ends, because its client left or the process stops. Never, for other operations. */
  readonly signal: AbortSignal;
}

/** What a subscription's source yields, beside what its type in the schema has. */
export interface LiveEvent {
  /** Where it stands in its stream: for `after`. */
  readonly cursor: string;
  /** Whether it tells all that the ones before it told: who was not given those yet need not be. */
  readonly replaces: boolean;
}

/** What the context of every subgraph has. */
export interface SubgraphContext {
  readonly request: RequestInfo;
}

export function toRequestInfo(claims: IdentityClaims, signal: AbortSignal = never): RequestInfo {
  return {
    actor: claims.actor ?? { kind: 'anonymous' },
    market: claims.market ?? null,
    marketSource: claims.marketSource ?? null,
    explicit: claims.explicit ?? true,
    clientAddress: claims.clientAddress ?? null,
    requestId: claims.requestId,
    deadline: claims.deadline,
    signal,
  };
}

const never = new AbortController().signal;
