import { parse } from 'graphql';
import { buildApiSchema } from './api-schema.ts';
import { connectionsArePaged, connectionsBelongToOneField, listsHaveAnEnd } from './lint/connections.ts';
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
import { type ReadSubgraphFile, readSubgraphFile, readSubgraphSdl, subgraphNames } from './sdl.ts';

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
} satisfies Record<string, LintRule>;

/**
 * Looks for violations of the rules; one line each.
 * @param fileOf gives the own SDL of a subgraph; the committed files unless told otherwise
 * @throws CompositionError when the subgraphs do not fit together
 */
export function lintSchema(fileOf: ReadSubgraphFile = readSubgraphFile): string[] {
  const subgraphs = new Map(subgraphNames.map((name) => [name, parse(fileOf(name))]));
  const schema = { subgraphs, api: buildApiSchema((name) => readSubgraphSdl(name, fileOf)) };
  return Object.entries(lintRules).flatMap(([name, rule]) =>
    [...rule(schema)].map((violation) => `${violation} (${name})`),
  );
}
