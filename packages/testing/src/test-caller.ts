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

export interface TestCaller {
  /**
   * Asks a subgraph as the router would, and gives back the parsed answer.
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
  const signer = createIdentitySigner({ audience: subgraph.name, keys: testKeys, reads: allClaims });
  return {
    async ask(query, variables = {}, as = {}) {
      const body = JSON.stringify({ query, variables });
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
export const createTestVerifier = (audience: string) => createIdentityVerifier({ audience, keys: testKeys });

const nobody: Identity = {
  actor: { kind: 'anonymous' },
  market: null,
  marketSource: null,
  explicit: true,
  clientAddress: null,
};
const allClaims: ClaimName[] = ['actor', 'market', 'marketSource', 'explicit', 'clientAddress'];
