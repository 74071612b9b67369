import { buildApiSchema, readPublicSdl, readSubgraphSdl, type SubgraphName } from '@medley/schema';
import { composePublicContract, printContract } from '@medley/schema/contract';
import {
  buildClientSchema,
  buildSchema,
  type GraphQLSchema,
  getIntrospectionQuery,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { beforeEach, describe, expect, it } from 'vitest';
import { defaultLimits, publicLimits } from '../src/app.ts';
import {
  ask,
  askPublic,
  createStubs,
  createTestRouter,
  ids,
  openTestRouter,
  testPublicGraph,
} from './stub-subgraphs.ts';

const { stubs, router } = await openTestRouter({ publicGraph: testPublicGraph() });
const asked = () => Object.values(stubs.requests).flat();
beforeEach(() => {
  for (const list of [...Object.values(stubs.requests), ...Object.values(stubs.bodies)]) list.length = 0;
});

describe('the public graph', () => {
  it('answers from several subgraphs in one operation', async () => {
    const { status, data, errors } = await askPublic(
      router,
      `{ search(query: "one") { tracks(first: 5) { edges { title node { title artists { name } } } } }
         playlist(id: "${ids.playlist}") { name owner { displayName } items(first: 5) { nodes { track { title } } } } }`,
    );
    expect({ status, errors }).toEqual({ status: 200, errors: [] });
    expect(data).toEqual({
      search: {
        tracks: { edges: [{ title: 'One', node: { title: 'One', artists: [{ name: 'Somebody' }] } }] },
      },
      playlist: {
        name: 'Mine',
        owner: { displayName: 'Me' },
        items: { nodes: [{ track: { title: 'One' } }] },
      },
    });
  });

  it('shows the contract to introspection, and nothing else', async () => {
    const { data, errors } = await askPublic(router, getIntrospectionQuery());
    expect(errors).toEqual([]);
    expect(printContract(buildClientSchema(data))).toBe(readPublicSdl());
  });

  it('asks subgraphs for nobody, in the market of the address', async () => {
    await askPublic(router, `{ track(id: "${ids.track}") { title } }`, { address: '91.64.0.1' });
    await askPublic(router, `{ playlist(id: "${ids.playlist}") { name } }`, { address: '91.64.0.1' });
    expect(stubs.requests.catalog).toMatchObject([{ market: 'DE', explicit: true }]);
    expect(stubs.requests.playlists).toMatchObject([{ actor: { kind: 'anonymous' } }]);
  });

  it.each(['Bearer listener', 'Bearer forged', 'Basic eDp5', ''])(
    'refuses credentials: %j',
    async (authorization) => {
      const body = { query: '{ __typename }' };
      const answer = await router.executePublic?.({
        body,
        authorization,
        address: undefined,
        requestId: 'request-1',
      });
      expect(answer).toMatchObject({ status: 401, codes: ['UNAUTHENTICATED'] });
    },
  );

  it('is not there unless it is asked for', async () => {
    const { links, stop } = await createStubs();
    const bare = await createTestRouter({ links });
    expect(bare.executePublic).toBeUndefined();
    await bare.stop();
    await stop();
  });
});

describe('what is not in the contract', () => {
  const track = `track(id: "${ids.track}")`;
  const playlist = `playlist(id: "${ids.playlist}")`;
  it.each([
    ['the viewer', '{ me { email } }'],
    ['a playback URL', `{ playbackUrl(trackId: "${ids.track}", quality: LOW) { __typename } }`],
    ['a playback URL of a track', `{ ${track} { playbackUrl(quality: LOW) { __typename } } }`],
    ['playability', `{ ${track} { playability { playable } } }`],
    ['playability under an alias', `{ ${track} { title: playability { playable } } }`],
    ['playability in a fragment', `{ ${track} { ...T } } fragment T on Track { playability { playable } }`],
    ['playability behind node', `{ node(id: "${ids.track}") { ... on Track { playability { playable } } } }`],
    ['what the viewer saved', `{ ${track} { viewerHasSaved } }`],
    ['a snapshot', `{ ${playlist} { snapshotId } }`],
    ['the privacy of a playlist', `{ ${playlist} { privacy } }`],
    ['the people of a playlist', `{ ${playlist} { collaborators { id } } }`],
    ['more of an account', `{ user(id: "${ids.user}") { createdAt } }`],
    ['the state of search', '{ searchStatus { documents { tracks } } }'],
    ['a mutation', 'mutation { sessionSignOut { endedSessions } }'],
    ['a subscription', 'subscription { playbackState { id } }'],
    ['a fragment on a type of the whole', '{ __typename ... on PlaybackGrant { url } }'],
    ['an input type of the whole', 'query ($input: PlaylistCreateInput!) { __typename }'],
    ['an enum of the whole', 'query ($quality: AudioQuality = LOW) { __typename }'],
    ['entities', '{ _entities(representations: [{ __typename: "Track", id: "x" }]) { __typename } }'],
    ['SDL', '{ _service { sdl } }'],
    ['what only services may ask', `{ trackPlaybackFacts(ids: ["${ids.track}"]) { tier } }`],
    ['playlists of services', '{ publicPlaylistsAfter(first: 5) { id } }'],
  ])('is refused before a subgraph is asked: %s', async (_, query) => {
    const { status, data, errors } = await askPublic(router, query, { variables: { input: {} } });
    expect({ status, data }).toEqual({ status: 400, data: undefined });
    expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(asked()).toEqual([]);
  });

  it.each([
    ['type', (name: string) => `{ __typename ... on ${name} { id } }`, 'PlaybackGrant', 'NeverWasSoNamed'],
    [
      'input type',
      (name: string) => `query ($a: ${name}) { __typename }`,
      'ViewerSignInInput',
      'NeverWasSoNamedIn',
    ],
    ['field', (name: string) => `{ ${name} { id } }`, 'me', 'qq'],
    ['service field', (name: string) => `{ ${name} { id } }`, 'publicPlaylistsAfter', 'qublicQlaylistsQfter'],
  ])('is answered like a %s that never was', async (_, query, hidden, invented) => {
    const messages = async (name: string) =>
      (await askPublic(router, query(name))).errors.map(({ message }) => message.replaceAll(name, '…'));
    expect(await messages(hidden)).toEqual(await messages(invented));
  });

  it('is not among the types', async () => {
    const names = ['Viewer', 'PlaybackGrant', 'Mutation', 'AudioQuality', '_Entity', 'CatalogChange'];
    const { data } = await askPublic(
      router,
      `{ ${names.map((name) => `${name}: __type(name: "${name}") { name }`)} }`,
    );
    expect(Object.values(data)).toEqual(names.map(() => null));
  });

  it('is never what an error proposes', async () => {
    const whole = buildApiSchema();
    const open = buildSchema(readPublicSdl());
    const shown = new Set(coordinatesOf(open).flat());
    const hidden = coordinatesOf(whole).filter(([, name]) => !shown.has(name));
    expect(hidden.length).toBeGreaterThan(100);
    // One letter off, each where it would be found, and each at the root of a query.
    const queries = hidden.flatMap(([type, name]) => {
      const typo = `${name.slice(0, -1)}_`;
      return open.getType(type)
        ? [`fragment F on ${type} { ${typo} }`, `{ ... on ${typo} { id } }`]
        : [`{ ${typo} }`];
    });
    const batches = Array.from({ length: Math.ceil(queries.length / 15) }, (_, i) =>
      queries.slice(15 * i, 15 * i + 15),
    );
    for (const batch of batches) {
      const answers = await Promise.all(batch.map((query) => askPublic(router, query)));
      for (const { errors } of answers) {
        const proposed = errors
          .flatMap(({ message }) => /Did you mean (.*)\?/s.exec(message)?.[1] ?? [])
          .join();
        expect(hidden.filter(([, name]) => new RegExp(`\\b${name}\\b`).test(proposed))).toEqual([]);
      }
    }
    expect(asked()).toEqual([]);
  });
});

describe('node and nodes of a contract', () => {
  /** A contract of the catalog alone. */
  const catalogOnly = (name: SubgraphName) => {
    const sdl = readSubgraphSdl(name);
    return name === 'catalog' || name === 'nodes' ? sdl : sdl.replaceAll('@tag(name: "public")', '');
  };

  it('answer ids of other types with null, and ask nobody about them', async () => {
    const { supergraphSdl, schema } = composePublicContract(catalogOnly);
    expect([schema.getType('User'), schema.getType('Playlist')]).toEqual([undefined, undefined]);
    const narrow = await createTestRouter({
      links: stubs.links,
      publicGraph: testPublicGraph({ supergraphSdl }),
    });
    const query = `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } node(id: "${ids.user}") { __typename id } }`;
    const variables = { ids: [ids.user, ids.track, ids.playlist, ids.session] };
    const { data, errors } = await askPublic(narrow, query, { variables });
    expect(errors).toEqual([]);
    expect(data).toEqual({ nodes: [null, { __typename: 'Track', id: ids.track }, null, null], node: null });
    expect([...stubs.requests.users, ...stubs.requests.playlists]).toEqual([]);

    const whole = await ask(narrow, `{ node(id: "${ids.user}") { id } }`);
    expect(whole.data).toEqual({ node: { id: ids.user } });
    await narrow.stop();
  });

  it('find every type of the public one', async () => {
    const query = `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename } }`;
    const variables = { ids: [ids.user, ids.track, ids.playlist, ids.artist] };
    const { data } = await askPublic(router, query, { variables });
    const names = data.nodes.map((node: { __typename: string } | null) => node?.__typename);
    expect(names).toEqual(['User', 'Track', 'Playlist', 'Artist']);
  });
});

describe('the limits of the public graph', () => {
  it.each([
    [
      'levels of fields',
      `{ artists(first: 1) { nodes { topTracks(first: 1) { nodes { album { tracks(first: 1) { nodes { album { tracks(first: 1) { nodes { album { artists { name } } } } } } } } } } } } }`,
    ],
    ['aliases', `{ ${Array.from({ length: 31 }, (_, i) => `a${i}: __typename`).join(' ')} }`],
    ['fields', `{ markets(first: 1) { nodes { ${'code '.repeat(400)} } } }`],
    ['root fields', `{ ${'__typename '.repeat(21)} }`],
    ['operations', Array.from({ length: 6 }, (_, i) => `query Q${i} { __typename }`).join(' ')],
  ])('are tighter: %s', async (what, query) => {
    const { status, errors } = await askPublic(router, query, { operationName: 'Q0' });
    expect(status).toBe(400);
    expect(errors[0]?.message).toContain(what);
    expect(
      (await ask(router, query, { operationName: query.startsWith('query') ? 'Q0' : undefined })).status,
    ).toBe(200);
  });

  it.each([
    ['list items', `{ artists(first: 100) { nodes { topTracks(first: 11) { nodes { title } } } } }`],
    ['values', `{ artists(first: 10) { nodes { topTracks(first: 10) { nodes { availableMarkets } } } } }`],
  ])('hold for what an answer may bring: %s', async (what, query) => {
    const { status, errors } = await askPublic(router, query);
    expect(status).toBe(400);
    expect(errors).toMatchObject([
      { message: expect.stringContaining(what), extensions: { code: 'COST_EXCEEDED' } },
    ]);
    expect((await ask(router, query)).status).toBe(200);
  });

  it('are none of them looser than those of the whole', async () => {
    for (const name of Object.keys(publicLimits) as (keyof typeof publicLimits)[]) {
      expect(publicLimits[name], name).toBeLessThanOrEqual(defaultLimits[name]);
    }
  });
});

it('keeps the whole graph as it is', async () => {
  const { data } = await ask(router, `{ track(id: "${ids.track}") { playability { playable } } }`);
  expect(data).toEqual({ track: { playability: { playable: false } } });
});

/** Each name with the type that it is a part of, and each type with itself. */
function coordinatesOf(schema: GraphQLSchema): [type: string, name: string][] {
  return Object.values(schema.getTypeMap())
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((type): [string, string][] => {
      const own: [string, string] = [type.name, type.name];
      if (isEnumType(type))
        return [own, ...type.getValues().map(({ name }): [string, string] => [type.name, name])];
      if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) return [own];
      return [own, ...Object.keys(type.getFields()).map((name): [string, string] => [type.name, name])];
    });
}
