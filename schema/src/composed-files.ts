import { composeSupergraph } from './compose.ts';
import { composePublicContract, printContract } from './contract.ts';

/**
 * What is composed of the subgraphs' SDL and committed, by its name in `schema/`.
 * @throws CompositionError when the subgraphs do not fit together
 */
export function composedFiles(): ReadonlyMap<string, string> {
  const contract = composePublicContract();
  return new Map([
    ['supergraph.graphql', composeSupergraph()],
    ['public-supergraph.graphql', contract.supergraphSdl],
    ['public.graphql', printContract(contract.schema)],
  ]);
}
