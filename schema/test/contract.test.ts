import { composeServices as composeWithApollo } from '@apollo/composition';
import { applyTagFilterOnSubgraphs, composeServices } from '@theguild/federation-composition';
import {
  type ASTNode,
  type ConstDirectiveNode,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  Kind,
  lexicographicSortSchema,
  parse,
  print,
  printSchema,
  visit,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { CompositionError, composeSupergraph, parseSubgraphs } from '../src/compose.ts';
import { composedFiles } from '../src/composed-files.ts';
import { composePublicContract, parseTaggedSubgraphs, publicContract } from '../src/contract.ts';
import { descriptionsOf, everythingIsDescribed } from '../src/lint/descriptions.ts';
import { readPublicSdl, readPublicSupergraphSdl, readSubgraphSdl, type SubgraphName } from '../src/sdl.ts';

const contract = composePublicContract();

/** The committed SDL with something put into one subgraph. */
const planted = (subgraph: SubgraphName, from: RegExp | string, to: string) => (name: SubgraphName) => {
  const sdl = readSubgraphSdl(name);
  if (name !== subgraph) return sdl;
  const changed = sdl.replace(from, to);
  if (changed === sdl) throw new Error(`nothing was planted in ${subgraph}`);
  return changed;
};

const field = (schema: GraphQLSchema, type: string, name: string) => {
  const found = schema.getType(type);
  return isObjectType(found) ? found.getFields()[name] : undefined;
};

describe('the public contract', () => {
  it('is committed as it is composed', () => {
    const files = composedFiles();
    expect(readPublicSdl()).toBe(files.get('public.graphql'));
    expect(readPublicSupergraphSdl()).toBe(files.get('public-supergraph.graphql'));
  });

  it('only reads', () => {
    expect(contract.schema.getMutationType()).toBeUndefined();
    expect(contract.schema.getSubscriptionType()).toBeUndefined();
    expect(Object.keys(contract.schema.getQueryType()?.getFields() ?? {}).sort()).toEqual([
      ...[
        'album',
        'artist',
        'artists',
        'charts',
        'genre',
        'genres',
        'markets',
        'moods',
        'newReleases',
        'node',
        'nodes',
      ],
      ...['playlist', 'search', 'searchSuggestions', 'track', 'tracks', 'user'],
    ]);
  });

  it('has nothing of playback, of the viewer, of accounts, or of our own services', () => {
    const forbidden =
      /play(back|able|ability)|quality|grant|^viewer|Viewer|library|session|tier|email|token|snapshot|privacy|status|changes?Since|facts|^me$|scope/i;
    const names = [...descriptionsOf(contract.schema).keys()].flatMap((name) => name.split(/[.(:)]+/));
    expect(names.filter((name) => forbidden.test(name))).toEqual([]);
  });

  it.each(['Artist', 'Album', 'Track', 'Genre', 'User', 'Playlist'])('has %s, found by node', (name) => {
    const node = contract.schema.getType('Node');
    const type = contract.schema.getType(name);
    expect(isInterfaceType(node) && isObjectType(type) && contract.schema.isSubType(node, type)).toBe(true);
  });

  it('has no description less than the whole', () => {
    const subgraphs = new Map();
    const found = everythingIsDescribed({ subgraphs, api: contract.schema, contract: contract.schema });
    expect([...found]).toEqual([]);
  });

  it('leaves out what nobody has tagged, though its type is in it', () => {
    const grown = composePublicContract(
      planted('streaming', /(\ntype Track [^{]*\{)/, '$1\n "New." heat(scale: Int!): Int'),
    );
    expect(field(grown.schema, 'Track', 'title')).toBeDefined();
    expect(field(grown.schema, 'Track', 'heat')).toBeUndefined();
  });

  it('takes the arguments of a tagged field with it', () => {
    const grown = composePublicContract(
      planted(
        'streaming',
        /(\ntype Track [^{]*\{)/,
        '$1\n "New." heat(scale: Int!): Int @tag(name: "public")',
      ),
    );
    expect(field(grown.schema, 'Track', 'heat')?.args.map(({ name }) => name)).toEqual(['scale']);
  });

  it('does not compose when it refers to what is not in it', () => {
    const sdlOf = planted('catalog', 'enum CoverSize @tag(name: "public")', 'enum CoverSize');
    expect(() => composePublicContract(sdlOf)).toThrow(CompositionError);
  });
});

describe('the library that cuts the contract', () => {
  it('composes the whole as Apollo does', () => {
    const { supergraphSdl, errors } = composeServices(parseSubgraphs(readSubgraphSdl));
    expect(errors).toBeUndefined();
    expect(normalForm(supergraphSdl ?? '')).toEqual(normalForm(composeSupergraph()));
  });

  it('composes the contract as Apollo does', () => {
    const filtered = applyTagFilterOnSubgraphs(parseTaggedSubgraphs(readSubgraphSdl), publicContract);
    const { supergraphSdl, schema, errors } = composeWithApollo(filtered);
    expect(errors).toBeUndefined();
    expect(normalForm(contract.supergraphSdl)).toEqual(normalForm(supergraphSdl ?? ''));
    const api = schema?.toAPISchema().toGraphQLJSSchema() as GraphQLSchema;
    expect(printSchema(lexicographicSortSchema(contract.schema))).toBe(
      printSchema(lexicographicSortSchema(api)),
    );
  });
});

/** The types of a supergraph, where each field comes from included, whatever their order and plumbing. */
function normalForm(supergraphSdl: string): string[] {
  const plumbing = /^(join|link)__/;
  const sorted = <Node extends ASTNode>(nodes: readonly Node[] | undefined) =>
    nodes?.toSorted((a, b) => print(a).localeCompare(print(b)));
  const document = visit(parse(supergraphSdl, { noLocation: true }), {
    leave(node: ASTNode) {
      const { directives, fields, values, types, interfaces, arguments: args } = node as Parts;
      const parts = { directives, fields, values, types, interfaces, arguments: args };
      const lists = Object.entries(parts).filter(([, list]) => Array.isArray(list));
      return { ...node, ...Object.fromEntries(lists.map(([name, list]) => [name, sorted(list)])) };
    },
  });
  return document.definitions
    .filter(({ kind }) => kind !== Kind.DIRECTIVE_DEFINITION)
    .filter((definition) => !('name' in definition && plumbing.test(definition.name?.value ?? '')))
    .map(print)
    .sort();
}

type Parts = Partial<
  Record<
    'directives' | 'fields' | 'values' | 'types' | 'interfaces' | 'arguments',
    readonly ConstDirectiveNode[]
  >
>;
