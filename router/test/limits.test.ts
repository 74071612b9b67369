import { readOperations } from '@medley/schema';
import { buildASTSchema, getIntrospectionQuery, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../src/app.ts';
import { estimateCost } from '../src/limits/cost.ts';
import { createDocumentCheck } from '../src/limits/document-limits.ts';
import { ask, ids, openTestRouter } from './stub-subgraphs.ts';

const { stubs, router } = await openTestRouter();

const repeat = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => make(i)).join(' ');

/** Fragments of which each opens the next one twice: 2 to the power of `levels` fields. */
const bomb = (levels: number) =>
  `{ ...F0 } ${repeat(levels, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`)}
   fragment F${levels} on Query { __typename }`;

describe('what an operation may not be', () => {
  it.each([
    [
      'deep',
      `{ artists(first: 1) { nodes ${'{ topTracks(first: 1) { nodes { artists '.repeat(5)} { name } ${'} } }'.repeat(5)} } }`,
      '18 levels of fields, at most 15 are allowed',
    ],
    [
      'full of aliases',
      `{ ${repeat(101, (i) => `a${i}: __typename`)} }`,
      '101 aliases, at most 100 are allowed',
    ],
    [
      'full of aliases in a fragment',
      `{ ...A ...B } fragment A on Query { ...B } fragment B on Query { ${repeat(60, (i) => `a${i}: __typename`)} }`,
      '120 aliases, at most 100 are allowed',
    ],
    [
      'full of directives',
      `{ me { ${repeat(51, () => 'email @skip(if: false)')} } }`,
      '51 directives, at most 50 are allowed',
    ],
    ['wide', `{ me { ${repeat(1_000, () => 'email')} } }`, '1001 fields, at most 1000 are allowed'],
    [
      'wide at its root',
      `{ ${repeat(101, () => '__typename')} }`,
      '101 root fields, at most 100 are allowed',
    ],
    [
      'six mutations',
      `mutation { ${repeat(6, (i) => `m${i}: sessionSignOut { endedSessions }`)} }`,
      '6 mutations, at most 5 are allowed',
    ],
    [
      'one of many',
      repeat(21, (i) => `query Q${i} { __typename }`),
      'A document may have at most 20 operations, got 21',
    ],
    ['long', `{ ${'me '.repeat(5_000)} }`, 'token'],
    ['a tower of lists', `{ nodes(ids: ${'['.repeat(3_900)}`, 'nested too deeply'],
    ['a bomb of fragments', bomb(60), 'more than a billion fields, at most 1000 are allowed'],
    [
      'a spiral of introspection',
      `{ __schema { types { ${'fields { type { '.repeat(6)} name ${'} }'.repeat(6)} } } }`,
      'Maximum introspection depth exceeded',
    ],
    [
      'a tower of introspection',
      `{ __type(name: "Track") { fields { type ${'{ ofType '.repeat(20)} { name } ${'}'.repeat(20)} } } }`,
      '24 levels of introspection, at most 20 are allowed',
    ],
  ])('is %s', async (_, query, message) => {
    for (const requests of Object.values(stubs.requests)) requests.length = 0;
    const startedAt = performance.now();
    const { status, errors, data } = await ask(router, query);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(status).toBe(400);
    expect(data).toBeUndefined();
    expect(errors.map((error) => error.message).join('\n')).toContain(message);
    expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(Object.values(stubs.requests).flat()).toEqual([]);
  });

  it('is many fields that would be costly to compare', async () => {
    const before = process.cpuUsage();
    const { status } = await ask(router, `{ ${repeat(900, () => 'me { email }')} }`);
    expect(status).toBe(400);
    // Validation compares each with each: some 400 ms.
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(150);
  });

  it('survives fragments within themselves', async () => {
    const { status } = await ask(
      router,
      '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
    );
    expect(status).toBe(400);
  });
});

describe('what an operation may be', () => {
  it('asks for 100 playback URLs under aliases', async () => {
    const field = (i: number) => `a${i}: playbackUrl(trackId: "${ids.track}", quality: LOW) { __typename }`;
    const { status, errors } = await ask(router, `{ ${repeat(100, field)} }`);
    expect({ status, errors }).toEqual({ status: 200, errors: [] });
  });

  it('is the introspection of GraphiQL', async () => {
    const query = getIntrospectionQuery({
      inputValueDeprecation: true,
      specifiedByUrl: true,
      schemaDescription: true,
    });
    const { status, errors, data } = await ask(router, query);
    expect({ status, errors }).toEqual({ status: 200, errors: [] });
    expect(JSON.stringify(data)).not.toContain('TrackPlaybackFacts');
  });

  it.each(readOperations().map(({ name, source }) => [name, source]))(
    'is the named operation %s',
    (_, source) => {
      expect(() => createDocumentCheck(defaultLimits)(source)).not.toThrow();
    },
  );
});

describe('nested lists', () => {
  it('may hold 10,000 items', async () => {
    const { status } = await ask(
      router,
      '{ artists(first: 100) { nodes { topTracks(first: 100) { nodes { title } } } } }',
    );
    expect(status).toBe(200);
  });

  it('may not hold more, and it says how many were asked for', async () => {
    const query = `{ artists(first: 100) { nodes { albums(first: 10) { nodes { tracks(first: 11) { nodes { title } } } } } } }`;
    stubs.requests.catalog.length = 0;
    const { status, errors } = await ask(router, query);
    expect(status).toBe(400);
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining('up to 11000 list items, at most 10000'),
        extensions: { code: 'COST_EXCEEDED', limit: 10_000, requested: 11_000 },
      },
    ]);
    expect(stubs.requests.catalog).toEqual([]);
  });

  const schema = buildASTSchema(
    parse(`
      interface Thing { parts(first: Int, last: Int): Parts }
      type Query implements Thing { parts(first: Int, last: Int): Parts, byIds(ids: [ID!]!): [Part], some(first: Int! = 7): [Part] }
      type Parts { edges: [Edge!]! nodes: [Part]! }
      type Edge { node: Part }
      type Part implements Thing { name: String, tags: [Part!]!, parts(first: Int, last: Int): Parts }
    `),
  );
  const count = (query: string, variables?: Record<string, unknown>) => {
    const document = parse(query);
    const operation = document.definitions.find(({ kind }) => kind === 'OperationDefinition');
    return estimateCost(schema, document, operation as never, variables).listItems;
  };

  it.each([
    ['a size by variable', 'query ($n: Int) { parts(first: $n) { nodes { name } } }', { n: 7 }, 7],
    ['the default of a variable', 'query ($n: Int = 8) { parts(last: $n) { nodes { name } } }', {}, 8],
    ['the default of an argument', '{ some { name } }', {}, 7],
    ['a missing size as the largest page', '{ parts { nodes { name } } }', {}, 100],
    [
      'a variable without value as the largest page',
      'query ($n: Int) { parts(first: $n) { nodes { name } } }',
      {},
      100,
    ],
    ['a nonsensical size as the largest page', '{ parts(first: -5) { nodes { name } } }', {}, 100],
    ['ids by their number', '{ byIds(ids: ["a", "b"]) { parts(first: 5) { nodes { name } } } }', {}, 10],
    ['ids by variable', 'query ($ids: [ID!]!) { byIds(ids: $ids) { name } }', { ids: ['a', 'b', 'c'] }, 3],
    [
      'lists beside each other',
      '{ a: parts(first: 5) { nodes { name } } b: parts(first: 6) { nodes { name } } }',
      {},
      11,
    ],
    ['short lists once', '{ parts(first: 5) { nodes { tags { tags { name } } } } }', {}, 5],
    [
      'what is in fragments',
      '{ ...F ...F } fragment F on Query { parts(first: 5) { edges { node { ...P } } } } fragment P on Part { parts(first: 3) { nodes { name } } }',
      {},
      30,
    ],
    ['what is behind an interface', '{ ... on Thing { parts(first: 5) { nodes { name } } } }', {}, 5],
    [
      'nothing of what is skipped',
      'query ($no: Boolean!) { parts(first: 5) @skip(if: $no) { nodes { name } } some(first: 2) @include(if: true) { name } }',
      { no: true },
      2,
    ],
    ['nothing where there is no list', '{ __typename }', {}, 0],
  ] as const)('counts %s', (_, query, variables, expected) => {
    expect(count(query, variables)).toBe(expected);
  });

  it('counts what looks at hundreds of candidates, or at a whole history, for what it costs', () => {
    const dear = buildASTSchema(
      parse(`
        type Query { radio(first: Int!): Tracks, me: Viewer, tracks(first: Int!): Tracks }
        type Viewer { recommendations: Shelves, top: Shelves }
        type Shelves { shelves: [Shelf!]!, name: String }
        type Shelf { name: String }
        type Tracks { edges: [Edge!]! }
        type Edge { node: Track }
        type Track { name: String, similar(first: Int!): Tracks }
      `),
    );
    const values = (query: string) => {
      const document = parse(query);
      return estimateCost(dear, document, document.definitions[0] as never, {}).values;
    };
    expect(values('{ radio(first: 1) { edges { node { name } } } }')).toBeGreaterThan(300);
    expect(values('{ me { recommendations { shelves { name } } } }')).toBeGreaterThan(500);
    expect(values('{ me { top { name } } }')).toBeGreaterThan(300);
    const similar =
      '{ tracks(first: 50) { edges { node { similar(first: 10) { edges { node { name } } } } } } }';
    expect(values(similar)).toBeGreaterThan(50 * 50);
    // As long as it may be: eight shelves.
    expect(values('{ me { recommendations { shelves { name } } } }')).toBe(
      values('{ me { recommendations { name } } }') + 8,
    );
  });

  it('counts fragments that open into billions of fields as fast as others', () => {
    const levels = 60;
    const query = `{ ...F0 } ${repeat(levels, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`)}
      fragment F${levels} on Query { parts(first: 2) { nodes { name } } }`;
    expect(count(query)).toBe(2 ** 61);
  });
});
