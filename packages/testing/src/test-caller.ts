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
    errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
  }>;
}

/** A caller for tests that speak GraphQL to one subgraph, by signed requests. */
export function createTestCaller(subgraph: Subgraph): TestCaller {
  const audience = subgraph.name;
  const router = createIdentitySigner({ audience, keys: testKeys, reads: allClaims });
  const service = createIdentitySigner({ audience, keys: testServiceKeys, reads: allClaims });
  return {
    async ask(query, variables = {}, as = {}) {
      const body = JSON.stringify({ query, variables });
      const signer = as.actor?.kind === 'service' ? service : router;
      const identity = signer.sign(
        { ...nobody, ...as },
        { body, requestId: 'test', deadline: Date.now() + 5_000 },
      );
      const response = await subgraph.execute({ body, identity });
      return JSON.parse(response.body);
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
