import {
  type ClaimName,
  createIdentitySigner,
  createIdentityVerifier,
  type Identity,
} from '@medley/identity';
import { parseSigningKeys } from '@medley/signing-keys';
import type { Subgraph } from '@medley/subgraph';

/** Keys for tests: nothing that runs for users knows them. */
export const testKeys = parseSigningKeys(`test:${Buffer.alloc(32, 1).toString('base64url')}`);

/** The keys that services sign with in tests. */
export const testServiceKeys = parseSigningKeys(`test:${Buffer.alloc(32, 2).toString('base64url')}`);

export interface TestCaller {
  /**
   * Asks a subgraph as the router would, or as another service where `as` is one, and gives back the parsed answer.
   * @param as the identity; what is left out is anonymous and without market
   */
  ask<Data = Record<string, never>>(
    query: string,
    variables?: Record<string, unknown>,
    as?: Partial<Identity>,
  ): Promise<{
    data: Data;
    errors?: TestError[];
  }>;
  /** Begins a subscription likewise. It is to be stopped by the test, unless it ends by itself. */
  subscribe<Data = Record<string, never>>(
    query: string,
    variables?: Record<string, unknown>,
    as?: Partial<Identity>,
  ): Promise<TestStream<Data>>;
}

export interface TestError {
  message: string;
  path?: (string | number)[];
  extensions: Record<string, unknown>;
}

/** A subscription of one test. */
export interface TestStream<Data> {
  /** The errors that it was refused with; null when it was begun. */
  readonly refusal: readonly TestError[] | null;
  /** The next event, which is made now; null when it has ended, for good or by `stop`. @throws when it broke off */
  next(): Promise<TestEvent<Data> | null>;
  /** As when the client leaves. */
  stop(): void;
}

export interface TestEvent<Data> {
  readonly data: Data;
  readonly errors?: TestError[];
  readonly cursor: string | undefined;
  readonly replaces: boolean;
}

/** A caller for tests that speak GraphQL to one subgraph, by signed requests. */
export function createTestCaller(subgraph: Subgraph): TestCaller {
  const audience = subgraph.name;
  const router = createIdentitySigner({ audience, keys: testKeys, reads: allClaims });
  const service = createIdentitySigner({ audience, keys: testServiceKeys, reads: allClaims });
  function sign(query: string, variables: Record<string, unknown>, as: Partial<Identity>) {
    const body = JSON.stringify({ query, variables });
    const signer = as.actor?.kind === 'service' ? service : router;
    const request = { body, requestId: 'test', deadline: Date.now() + 5_000 };
    return { body, identity: signer.sign({ ...nobody, ...as }, request) };
  }
  return {
    async ask(query, variables = {}, as = {}) {
      const response = await subgraph.execute(sign(query, variables, as));
      return JSON.parse(response.body);
    },
    async subscribe(query, variables = {}, as = {}) {
      const stopping = new AbortController();
      const { signal } = stopping;
      const begun = await subgraph.subscribe({ ...sign(query, variables, as), signal });
      const events = 'events' in begun ? begun.events[Symbol.asyncIterator]() : null;
      return {
        refusal: 'events' in begun ? null : JSON.parse(begun.body).errors,
        async next() {
          const next = await events?.next();
          if (!next || next.done) return null;
          const { body, cursor, replaces } = next.value;
          return { ...JSON.parse(body), cursor, replaces };
        },
        stop: () => stopping.abort(),
      };
    },
  };
}

/** The verifier that a subgraph under test needs. */
export const createTestVerifier = (audience: string) =>
  createIdentityVerifier({ audience, keys: testKeys, serviceKeys: testServiceKeys });

const nobody: Identity = {
  actor: { kind: 'anonymous' },
  market: null,
  marketSource: null,
  explicit: true,
  clientAddress: null,
};
const allClaims: ClaimName[] = ['actor', 'market', 'marketSource', 'explicit', 'clientAddress'];
