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
}

/** What the context of every subgraph has. */
export interface SubgraphContext {
  readonly request: RequestInfo;
}

export function toRequestInfo(claims: IdentityClaims): RequestInfo {
  return {
    actor: claims.actor ?? { kind: 'anonymous' },
    market: claims.market ?? null,
    marketSource: claims.marketSource ?? null,
    explicit: claims.explicit ?? true,
    clientAddress: claims.clientAddress ?? null,
    requestId: claims.requestId,
    deadline: claims.deadline,
  };
}
