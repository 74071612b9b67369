import type { ConstDirectiveNode, DocumentNode, GraphQLSchema } from 'graphql';

/** What the rules look at. */
export interface LintedSchema {
  /** Each subgraph's own file, by name, without what all share. */
  readonly subgraphs: ReadonlyMap<string, DocumentNode>;
  /** What clients see. */
  readonly api: GraphQLSchema;
  /** What third parties see. */
  readonly contract: GraphQLSchema;
}

/** Gives one line for each violation, which begins with the coordinate at fault, such as `Track.title`. */
export type LintRule = (schema: LintedSchema) => Iterable<string>;

export const hasDirective = (
  node: { readonly directives?: readonly ConstDirectiveNode[] },
  directive: string,
): boolean => node.directives?.some(({ name }) => name.value === directive) ?? false;
