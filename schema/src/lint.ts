import { parse } from 'graphql';
import { buildApiSchema } from './api-schema.ts';
import { composePublicContract } from './contract.ts';
import { connectionsArePaged, connectionsBelongToOneField, listsHaveAnEnd } from './lint/connections.ts';
import { contractNamesNothingElse, entitiesAreTaggedByField } from './lint/contract.ts';
import { everythingIsDescribed } from './lint/descriptions.ts';
import {
  nodeTypesHaveStubs,
  requiresTakesNoArguments,
  sharedTypesStandInOneFile,
} from './lint/federation.ts';
import {
  addedFieldsAreNullable,
  foreignReferencesAreNullable,
  nodesAreNullable,
  rootFieldsAreNullable,
} from './lint/nullability.ts';
import type { LintRule } from './lint/rule.ts';
import { subscriptionsCanBeResumed } from './lint/subscriptions.ts';
import { viewerFieldsArePrivate } from './lint/viewer.ts';
import {
  type ReadSubgraphFile,
  readSubgraphFile,
  readSubgraphSdl,
  type SubgraphName,
  subgraphNames,
} from './sdl.ts';

/** What the schema promises beyond composing, by the name of the rule. */
export const lintRules = {
  rootFieldsAreNullable,
  addedFieldsAreNullable,
  foreignReferencesAreNullable,
  nodesAreNullable,
  everythingIsDescribed,
  connectionsBelongToOneField,
  connectionsArePaged,
  listsHaveAnEnd,
  requiresTakesNoArguments,
  sharedTypesStandInOneFile,
  nodeTypesHaveStubs,
  entitiesAreTaggedByField,
  contractNamesNothingElse,
  subscriptionsCanBeResumed,
  viewerFieldsArePrivate,
} satisfies Record<string, LintRule>;

/**
 * Looks for violations of the rules; one line each.
 * @param fileOf gives the own SDL of a subgraph; the committed files unless told otherwise
 * @throws CompositionError when the subgraphs do not fit together
 */
export function lintSchema(fileOf: ReadSubgraphFile = readSubgraphFile): string[] {
  const subgraphs = new Map(subgraphNames.map((name) => [name, parse(fileOf(name))]));
  const sdlOf = (name: SubgraphName) => readSubgraphSdl(name, fileOf);
  const schema = { subgraphs, api: buildApiSchema(sdlOf), contract: composePublicContract(sdlOf).schema };
  return Object.entries(lintRules).flatMap(([name, rule]) =>
    [...rule(schema)].map((violation) => `${violation} (${name})`),
  );
}
