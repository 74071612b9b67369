/** What one operation may ask for. More is refused before any of it runs, with the limit and what came. */
export interface Limits {
  /** Of the HTTP body, in bytes. */
  readonly bodyBytes: number;
  /** Lexical tokens of the document; comments and commas do not count. */
  readonly tokens: number;
  /** Operations in the document, of which one runs. */
  readonly operations: number;
  /** Levels of fields, fragments opened. */
  readonly depth: number;
  /** Levels of fields under `__schema` and `__type`: GraphiQL asks for 15. */
  readonly introspectionDepth: number;
  /** Fields with an alias, fragments opened. */
  readonly aliases: number;
  /** Directives, fragments opened. */
  readonly directives: number;
  /** Fields, fragments opened. */
  readonly fields: number;
  /** Fields at the root of a query. */
  readonly rootFields: number;
  /** Fields at the root of a mutation: each may be a guess at a password. */
  readonly rootMutations: number;
  /** Items that the lists may hold: nested sizes multiplied, lists beside each other added. */
  readonly listItems: number;
  /** Fields times the sizes of the lists above them, weighed as in weights.ts. */
  readonly values: number;
}

export const defaultLimits: Limits = {
  bodyBytes: 262_144,
  tokens: 4_000,
  operations: 20,
  depth: 15,
  introspectionDepth: 20,
  aliases: 100,
  directives: 50,
  fields: 1_000,
  rootFields: 100,
  rootMutations: 5,
  listItems: 10_000,
  values: 50_000,
};

/** For a graph that everybody may ask without saying who they are. */
export const publicLimits: Limits = {
  bodyBytes: 65_536,
  tokens: 2_000,
  operations: 5,
  depth: 12,
  introspectionDepth: 20,
  aliases: 30,
  directives: 20,
  fields: 400,
  rootFields: 10,
  rootMutations: 1,
  listItems: 1_000,
  values: 10_000,
};
