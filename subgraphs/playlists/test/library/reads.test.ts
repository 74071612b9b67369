import { encodeId } from '@medley/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newIds, openLibrary } from './open-library.ts';

describe('what an account keeps', () => {
  let world: Awaited<ReturnType<typeof openLibrary>>;
  beforeAll(async () => {
    world = await openLibrary();
  });
  afterAll(() => world?.close());

  const entities = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
    ... on Track { id viewerHasSaved } ... on Album { id viewerHasSaved } ... on Artist { id viewerFollows }
    ... on Playlist { id viewerFollows } } }`;
  const represent = (typename: string, ids: readonly string[]) =>
    ids.map((id) => ({ __typename: typename, id }));
  const save = (ids: readonly string[]) =>
    [
      'mutation ($ids: [ID!]!) { libraryTracksSave(input: { trackIds: $ids }) { userErrors { code } } }',
      { ids },
    ] as const;

  async function statementsOf<Answer>(ask: () => Promise<Answer>) {
    const before = world.database.statements.count();
    const answer = await ask();
    return { answer, statements: world.database.statements.count() - before };
  }

  const libraryOf = (selection: string) => `query ($representations: [_Any!]!) {
    _entities(representations: $representations) { ... on Viewer { library { ${selection} } } } }`;
  async function askLibrary<Library = object>(viewer: ReturnType<typeof world.signIn>, selection: string) {
    const { data, errors } = await viewer.ask<{ _entities: { library: Library }[] }>(libraryOf(selection), {
      representations: represent('Viewer', [viewer.id]),
    });
    const [entity] = data._entities;
    if (!entity) throw new Error('expected one entity for one representation');
    return { library: entity.library, errors };
  }

  it('is told of a page of 100 tracks by one statement', async () => {
    const viewer = world.signIn();
    const ids = newIds('track', 100);
    await viewer.ask(...save(ids.slice(0, 50)));
    const { answer, statements } = await statementsOf(() =>
      viewer.ask(entities, { representations: represent('Track', ids) }),
    );
    expect(answer.data).toEqual({
      _entities: ids.map((id, index) => ({ id, viewerHasSaved: index < 50 })),
    });
    expect(statements).toBe(1);
  });

  it('is told by one statement of each kind, however they mix and repeat', async () => {
    const viewer = world.signIn();
    const playlist = encodeId('playlist', await world.createPlaylist());
    const representations = Array.from({ length: 30 }, () => [
      ...represent('Track', newIds('track', 1)),
      ...represent('Album', newIds('album', 1)),
      ...represent('Artist', newIds('artist', 1)),
    ]).flat();
    const { answer, statements } = await statementsOf(() =>
      viewer.ask(entities, { representations: [...representations, ...representations.slice(0, 9)] }),
    );
    expect(answer.errors).toBeUndefined();
    expect(statements).toBe(3);
    const playlists = await statementsOf(() =>
      viewer.ask(entities, { representations: represent('Playlist', [playlist, playlist]) }),
    );
    // The playlists, and whether they are followed.
    expect(playlists.statements).toBe(2);
  });

  it('is unknown while nobody is signed in, and nobody is asked', async () => {
    const representations = [
      ...represent('Track', newIds('track', 2)),
      ...represent('Album', newIds('album', 1)),
      ...represent('Artist', newIds('artist', 1)),
    ];
    const { answer, statements } = await statementsOf(() =>
      world.ask<{ _entities: object[] }>(entities, { representations }),
    );
    expect(answer.errors).toBeUndefined();
    expect(answer.data._entities).toEqual([
      { id: representations[0]?.id, viewerHasSaved: null },
      { id: representations[1]?.id, viewerHasSaved: null },
      { id: representations[2]?.id, viewerHasSaved: null },
      { id: representations[3]?.id, viewerFollows: null },
    ]);
    expect(statements).toBe(0);
  });

  it('costs one field when a reference is stale', async () => {
    const [track] = newIds('track', 1);
    const { data, errors } = await world.signIn().ask<object>(entities, {
      representations: represent('Track', ['gone', track as string]),
    });
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      _entities: [
        { id: 'gone', viewerHasSaved: null },
        { id: track, viewerHasSaved: false },
      ],
    });
  });

  it('is shown to the account itself and to nobody else', async () => {
    const viewer = world.signIn();
    const representations = represent('Viewer', [viewer.id]);
    const query = libraryOf('tracks(first: 1) { nodes { id } }');
    expect((await viewer.ask(query, { representations })).data).toEqual({
      _entities: [{ library: { tracks: { nodes: [] } } }],
    });
    for (const ask of [world.signIn().ask, world.ask])
      expect((await ask(query, { representations })).data).toEqual({ _entities: [{ library: null }] });
  });

  it('pages by cursors in both directions, with the times', async () => {
    const viewer = world.signIn();
    const ids = newIds('track', 7);
    for (const id of ids) await viewer.ask(...save([id]));
    const newestFirst = [...ids].reverse();
    const page = async (paging: string) => {
      const { library, errors } = await askLibrary<{ tracks: TrackPage }>(
        viewer,
        `tracks(${paging}) { edges { cursor savedAt node { id } } nodes { id }
          pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }`,
      );
      expect(errors).toBeUndefined();
      return library.tracks;
    };
    interface TrackPage {
      edges: { cursor: string; savedAt: string; node: { id: string } }[];
      nodes: { id: string }[];
      pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
    }
    const first = await page('first: 3');
    expect(first.nodes.map(({ id }) => id)).toEqual(newestFirst.slice(0, 3));
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const times = first.edges.map(({ savedAt }) => Date.parse(savedAt));
    expect(times).toEqual([...times].sort((a, b) => b - a));
    const second = await page(`first: 10, after: "${first.pageInfo.endCursor}"`);
    expect(second.edges.map(({ node }) => node.id)).toEqual(newestFirst.slice(3));
    expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    const back = await page(`last: 2, before: "${second.pageInfo.startCursor}"`);
    expect(back.nodes.map(({ id }) => id)).toEqual(newestFirst.slice(1, 3));
    expect(back.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
  });

  it('has cursors for one list and one account', async () => {
    const [viewer, other] = [world.signIn(), world.signIn()];
    const selection = (paging: string) => `tracks(${paging}) { pageInfo { endCursor } }`;
    for (const one of [viewer, other]) await one.ask(...save(newIds('track', 1)));
    const { library } = await askLibrary<{ tracks: { pageInfo: { endCursor: string } } }>(
      viewer,
      selection('first: 1'),
    );
    const cursor = library.tracks.pageInfo.endCursor;
    const codes = async (ask: Promise<{ errors?: { extensions: { code?: unknown } }[] }>) =>
      (await ask).errors?.map(({ extensions }) => extensions.code);
    expect(await codes(askLibrary(viewer, selection(`first: 1, after: "${cursor}"`)))).toBeUndefined();
    expect(await codes(askLibrary(other, selection(`first: 1, after: "${cursor}"`)))).toEqual([
      'BAD_USER_INPUT',
    ]);
    expect(await codes(askLibrary(viewer, `albums(first: 1, after: "${cursor}") { nodes { id } }`))).toEqual([
      'BAD_USER_INPUT',
    ]);
    expect(await codes(askLibrary(viewer, 'albums { nodes { id } }'))).toEqual(['BAD_USER_INPUT']);
  });

  it('is a screen of a constant number of statements', async () => {
    const viewer = world.signIn();
    await viewer.ask(...save(newIds('track', 30)));
    for (let count = 0; count < 5; count += 1) await world.createPlaylist({ ownerId: viewer.accountId });
    const screen = `tracks(first: 50) { edges { savedAt node { id viewerHasSaved } } }
      albums(first: 50) { edges { savedAt node { id } } } artists(first: 50) { edges { followedAt node { id } } }
      playlists(first: 50) { edges { addedAt node { id name privacy viewerFollows owner { id } } } }`;
    const { answer, statements } = await statementsOf(() => askLibrary(viewer, screen));
    expect(answer.errors).toBeUndefined();
    // The four pages, whether the tracks are saved, the playlists, whether they are followed.
    expect(statements).toBe(7);
  });

  it('has playlists that one may see: own, edited together and followed ones', async () => {
    const [viewer, other] = [world.signIn(), world.signIn()];
    const time = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
    const own = await world.createPlaylist({
      ownerId: viewer.accountId,
      privacy: 'PRIVATE',
      name: 'Mine',
      createdAt: time(1),
    });
    const shared = await world.createPlaylist({ ownerId: other.accountId, privacy: 'PRIVATE', name: 'Ours' });
    await world.prisma.collaborator.create({
      data: { playlistId: shared, userId: viewer.accountId, active: true, since: time(2), clock: 'clock' },
    });
    const followed = encodeId('playlist', await world.createPlaylist({ name: 'Theirs' }));
    await viewer.ask(
      'mutation ($id: ID!) { playlistFollow(input: { playlistId: $id }) { userErrors { code } } }',
      {
        id: followed,
      },
    );
    const { library } = await askLibrary(
      viewer,
      'playlists(first: 5) { edges { addedAt node { id name } } }',
    );
    expect(library).toEqual({
      playlists: {
        edges: [
          { addedAt: expect.any(String), node: { id: followed, name: 'Theirs' } },
          { addedAt: time(2).toISOString(), node: { id: encodeId('playlist', shared), name: 'Ours' } },
          { addedAt: time(1).toISOString(), node: { id: encodeId('playlist', own), name: 'Mine' } },
        ],
      },
    });
  });

  it('is, of a profile, the public playlists; and all for the account itself', async () => {
    const [viewer, other] = [world.signIn(), world.signIn()];
    const names = ['PUBLIC', 'UNLISTED', 'PRIVATE'] as const;
    for (const [index, privacy] of names.entries())
      await world.createPlaylist({
        ownerId: viewer.accountId,
        privacy,
        name: privacy,
        createdAt: new Date(Date.UTC(2026, 0, 1 + index)),
      });
    const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
      ... on User { playlists(first: 10) { nodes { name } } } } }`;
    const profiles = represent('User', [viewer.id, other.id]);
    const see = async (ask: typeof world.ask) => {
      const { answer, statements } = await statementsOf(() =>
        ask<{ _entities: { playlists: { nodes: { name: string }[] } }[] }>(query, {
          representations: profiles,
        }),
      );
      return {
        statements,
        names: answer.data._entities.map(({ playlists }) => playlists.nodes.map(({ name }) => name)),
      };
    };
    expect(await see(other.ask)).toEqual({ names: [['PUBLIC'], []], statements: 3 });
    expect(await see(world.ask)).toEqual({ names: [['PUBLIC'], []], statements: 2 });
    expect((await see(viewer.ask)).names).toEqual([['PRIVATE', 'UNLISTED', 'PUBLIC'], []]);
  });
});
