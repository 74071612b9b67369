import { buildASTSchema, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { findScopeRules } from '../src/scopes/scope-rules.ts';
import { findMissingScopes } from '../src/scopes/selected-scopes.ts';

const sdl = `
  directive @scope(anyOf: [[String!]!]!) on OBJECT | INTERFACE | FIELD_DEFINITION
  interface Node { id: ID! }
  interface Named { name: String }
  interface Report @scope(anyOf: [["reports"]]) { total: Int }
  type Album implements Named { name: String @scope(anyOf: [["names"]]), title: String }
  type Artist implements Named { name: String, albums: [Album] }
  type Ledger implements Node @scope(anyOf: [["ledger"]]) { id: ID!, balance: Int }
  type Sales implements Report { total: Int }
  union Thing = Album | Ledger
  type Query {
    open: String
    closed(x: Int): String @scope(anyOf: [["a", "b"], ["c"]])
    artist: Artist
    named: Named
    node: Node
    thing: Thing
    ledger: Ledger
    report: Report
  }
`;
const schema = buildASTSchema(parse(sdl));
const rules = findScopeRules(sdl);

function missing(query: string, held: string[] = [], variables?: Record<string, unknown>): string[] {
  const document = parse(query);
  const operation = document.definitions.find(({ kind }) => kind === 'OperationDefinition') as never;
  return findMissingScopes({ schema, document, operation, variables }, rules, new Set(held));
}

describe('an operation needs scopes', () => {
  it.each([
    ['for a field', '{ closed }'],
    ['under an alias', '{ open: closed }'],
    ['in an inline fragment', '{ ... on Query { ... { closed } } }'],
    ['in a fragment of a fragment', '{ ...A } fragment A on Query { ...B } fragment B on Query { closed }'],
    [
      'in a fragment that was skipped elsewhere',
      '{ ...A @skip(if: true) ...A } fragment A on Query { closed }',
    ],
    ['when it is included', 'query ($yes: Boolean = true) { closed @include(if: $yes) }'],
  ])('%s', (_, query) => {
    expect(missing(query)).toEqual(['c']);
    expect(missing(query, ['a', 'b'])).toEqual([]);
    expect(missing(query, ['c'])).toEqual([]);
    expect(missing(query, ['a'])).toEqual(['b']);
  });

  it.each([
    ['for a field of a scoped type', '{ ledger { balance } }', ['ledger']],
    ['even for the name of a scoped type', '{ ledger { __typename } }', ['ledger']],
    ['for a scoped type behind an interface', '{ node { ... on Ledger { balance } } }', ['ledger']],
    ['for a field of an interface that a scoped type implements', '{ node { id } }', ['ledger']],
    ['for a scoped type in a union', '{ thing { ... on Ledger { __typename } } }', ['ledger']],
    ['for a field of an interface that is scoped in one type', '{ named { name } }', ['names']],
    ['for a scoped interface', '{ report { ... on Sales { total } } }', ['reports']],
    [
      'for all that it selects',
      '{ ledger { balance } closed artist { albums { name } } }',
      ['c', 'ledger', 'names'],
    ],
  ])('%s', (_, query, scopes) => {
    expect(missing(query)).toEqual(scopes);
    expect(missing(query, ['c', 'ledger', 'names', 'reports'])).toEqual([]);
  });

  it.each([
    ['where nothing is scoped', '{ open artist { albums { title } } }', {}],
    ['for what is skipped', '{ open closed @skip(if: true) }', {}],
    [
      'for what is not included',
      'query ($yes: Boolean!) { open ... @include(if: $yes) { closed } }',
      { yes: false },
    ],
    ['for other members of a union', '{ thing { __typename ... on Album { title } } }', {}],
    [
      'to look at the schema',
      '{ __schema { types { name } } __type(name: "Ledger") { fields { name } } }',
      {},
    ],
  ])('not %s', (_, query, variables) => {
    expect(missing(query, [], variables)).toEqual([]);
  });

  it('in the one of several operations that runs', () => {
    const document = parse('query A { open } query B { closed }');
    const [a, b] = document.definitions as never[];
    const find = (operation: never) =>
      findMissingScopes({ schema, document, operation, variables: undefined }, rules, new Set());
    expect([find(a as never), find(b as never)]).toEqual([[], ['c']]);
  });
});
