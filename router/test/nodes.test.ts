import { readSubgraphSdl, readSupergraphSdl } from '@medley/schema';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { nodeTypes } from '../src/nodes/node-types.ts';
import { ask, createTestRouter, ids, openTestRouter } from './stub-subgraphs.ts';

const { stubs, router } = await openTestRouter();

describe('the schema', () => {
  it.each(nodeTypesOf(readSupergraphSdl()))('has a stub and an owner for %s', (name) => {
    expect(nodeTypesOf(readSubgraphSdl('nodes'))).toContain(name);
    const type = Object.values(nodeTypes).find(({ typename }) => typename === name);
    expect(type, `src/nodes/node-types.ts has no ${name}`).toBeDefined();
    const owner = readSubgraphSdl(type?.owner ?? 'nodes');
    expect(owner).toMatch(new RegExp(`type ${name} implements Node @key\\(fields: "id"\\)`));
  });

  it('has no owner for a type that is not a Node', () => {
    const names = nodeTypesOf(readSupergraphSdl());
    for (const { typename } of Object.values(nodeTypes)) expect(names).toContain(typename);
  });
});

it('finds objects of any type by their ids, in their order', async () => {
  const { data, errors } = await ask(
    router,
    `query ($ids: [ID!]!) {
      nodes(ids: $ids) { __typename id ... on Track { title } ... on User { displayName } ... on Artist { name } }
    }`,
    { variables: { ids: [ids.user, ids.track, ids.unknown, ids.artist, ids.track] } },
  );
  expect(errors).toEqual([]);
  const track = { __typename: 'Track', id: ids.track, title: 'One' };
  expect(data.nodes).toEqual([
    { __typename: 'User', id: ids.user, displayName: 'Me' },
    track,
    null,
    { __typename: 'Artist', id: ids.artist, name: 'Somebody' },
    track,
  ]);
});

it('answers an id that nobody has with null, whatever is asked of it', async () => {
  const { data, errors } = await ask(router, `{ node(id: "${ids.unknown}") { __typename id } }`);
  expect({ data, errors }).toEqual({ data: { node: null }, errors: [] });
});

it('answers the id of something that is no Node with null', async () => {
  const { data, errors } = await ask(router, `{ node(id: "${ids.session}") { id } }`);
  expect({ data, errors }).toEqual({ data: { node: null }, errors: [] });
});

it('asks each owner once in an operation', async () => {
  stubs.bodies.catalog.length = 0;
  stubs.bodies.users.length = 0;
  await ask(
    router,
    `{ a: node(id: "${ids.track}") { id } b: node(id: "${ids.artist}") { id }
       c: nodes(ids: ["${ids.track}", "${ids.user}", "${ids.unknown}"]) { id } }`,
  );
  expect(stubs.bodies.catalog).toHaveLength(1);
  expect(JSON.parse(stubs.bodies.catalog[0] ?? '').variables.representations).toHaveLength(3);
  expect(stubs.bodies.users).toHaveLength(1);
});

it('asks in the name of the viewer', async () => {
  stubs.requests.users.length = 0;
  stubs.requests.catalog.length = 0;
  await ask(router, `{ nodes(ids: ["${ids.user}", "${ids.track}"]) { id } }`, {
    token: 'listener',
    address: '91.64.0.1',
  });
  expect(stubs.requests.users[0]).toMatchObject({ actor: { kind: 'viewer', id: ids.user } });
  expect(stubs.requests.catalog[0]).toMatchObject({ actor: { kind: 'anonymous' }, market: 'DE' });
});

it.each([
  ['malformed', 'node(id: "track_1")', 'node'],
  ['of an unknown kind', 'node(id: "shoe_00000000000000000000000001")', 'node'],
  ['beyond 128 bits', 'node(id: "track_z0000000000000000000000001")', 'node'],
  ['malformed among others', `nodes(ids: ["${ids.track}", "x"])`, 'nodes'],
])('refuses an id that is %s', async (_, field, path) => {
  const { data, errors } = await ask(router, `{ ${field} { id } me { email } }`);
  expect(data).toEqual({ [path]: null, me: null });
  expect(errors).toMatchObject([{ path: [path], extensions: { code: 'BAD_USER_INPUT' } }]);
});

it('refuses more than 100 ids', async () => {
  const variables = { ids: Array.from({ length: 101 }, () => ids.track) };
  const { data, errors } = await ask(router, 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
    variables,
  });
  expect(data).toEqual({ nodes: null });
  expect(errors).toMatchObject([
    { message: 'ids: at most 100, got 101', extensions: { code: 'BAD_USER_INPUT' } },
  ]);
});

it('lets the objects of other owners live when one is down', async () => {
  const dead = await createTestRouter({
    links: {
      ...stubs.links,
      users: { ...stubs.links.users, send: () => Promise.reject(new Error('down')) },
    },
  });
  const { data, errors } = await ask(dead, `{ nodes(ids: ["${ids.track}", "${ids.user}"]) { id } }`);
  expect(data).toEqual({ nodes: [{ id: ids.track }, null] });
  expect(errors).toMatchObject([{ path: ['nodes', 1], extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
  await dead.stop();
});

function nodeTypesOf(sdl: string): string[] {
  const names = parse(sdl).definitions.flatMap((definition) =>
    definition.kind === 'ObjectTypeDefinition' &&
    definition.interfaces?.some(({ name }) => name.value === 'Node')
      ? [definition.name.value]
      : [],
  );
  return [...new Set(names)];
}
