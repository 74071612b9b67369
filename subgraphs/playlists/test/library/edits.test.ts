import { encodeId, newUuid } from '@medley/ids';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newIds, openLibrary } from './open-library.ts';

const saveTracks = `mutation ($ids: [ID!]!) { payload: libraryTracksSave(input: { trackIds: $ids }) {
  items: tracks { id isKept: viewerHasSaved } library { entries: tracks(first: 100) { nodes { id } } }
  userErrors { field code message } } }`;

// One row for each pair of mutations: the same is promised of all three kinds.
const kinds = [
  {
    kind: 'track',
    save: saveTracks,
    unsave: saveTracks.replace('libraryTracksSave', 'libraryTracksUnsave'),
    field: 'trackIds',
  },
  ...(
    [
      ['album', 'libraryAlbumsSave', 'libraryAlbumsUnsave', 'viewerHasSaved'],
      ['artist', 'libraryArtistsFollow', 'libraryArtistsUnfollow', 'viewerFollows'],
    ] as const
  ).map(([kind, save, unsave, isKept]) => {
    const query = (mutation: string) => `mutation ($ids: [ID!]!) {
      payload: ${mutation}(input: { ${kind}Ids: $ids }) {
        items: ${kind}s { id isKept: ${isKept} } library { entries: ${kind}s(first: 100) { nodes { id } } }
        userErrors { field code message } } }`;
    return { kind, save: query(save), unsave: query(unsave), field: `${kind}Ids` };
  }),
] as const;

interface Answer {
  payload: {
    items: { id: string; isKept: boolean }[];
    library: { entries: { nodes: { id: string }[] } };
    userErrors: { field: string[]; code: string; message: string }[];
  };
}

describe('edits of a library', () => {
  let world: Awaited<ReturnType<typeof openLibrary>>;
  beforeAll(async () => {
    world = await openLibrary();
  });
  afterAll(() => world?.close());
  beforeEach(() => {
    world.catalog.isAway = false;
    world.catalog.unknown.clear();
    world.catalog.asked.length = 0;
  });

  describe.each(kinds)('by saving and unsaving: $kind', ({ kind, save, unsave, field }) => {
    it('show at once, in the order of saving, the last first', async () => {
      const viewer = world.signIn();
      const ids = newIds(kind, 5);
      const first = await viewer.ask<Answer>(save, { ids });
      expect(first.errors).toBeUndefined();
      expect(first.data.payload).toEqual({
        items: ids.map((id) => ({ id, isKept: true })),
        library: { entries: { nodes: [...ids].reverse().map((id) => ({ id })) } },
        userErrors: [],
      });
      const gone = await viewer.ask<Answer>(unsave, { ids: [ids[1], ids[3]] });
      expect(gone.data.payload).toEqual({
        items: [ids[1], ids[3]].map((id) => ({ id, isKept: false })),
        library: { entries: { nodes: [ids[4], ids[2], ids[0]].map((id) => ({ id })) } },
        userErrors: [],
      });
    });

    it('may be sent again, and may name a thing twice', async () => {
      const viewer = world.signIn();
      const [one, two] = newIds(kind, 2);
      await viewer.ask<Answer>(save, { ids: [one] });
      const again = await viewer.ask<Answer>(save, { ids: [two, one, two] });
      expect(again.data.payload.items.map(({ id }) => id)).toEqual([two, one]);
      expect(again.data.payload.library.entries.nodes.map(({ id }) => id)).toEqual([two, one]);
      for (let times = 0; times < 2; times += 1) {
        const { data } = await viewer.ask<Answer>(unsave, { ids: [one, one] });
        expect(data.payload).toMatchObject({ items: [{ id: one, isKept: false }], userErrors: [] });
      }
    });

    it('leave out what the catalog does not have, each with its place, and keep the rest', async () => {
      const viewer = world.signIn();
      const [good, bad, alsoGood, alsoBad] = newIds(kind, 4) as [string, string, string, string];
      world.catalog.unknown.add(bad).add(alsoBad);
      const { data } = await viewer.ask<Answer>(save, { ids: [good, bad, alsoGood, alsoBad] });
      expect(data.payload.items).toEqual([good, alsoGood].map((id) => ({ id, isKept: true })));
      expect(data.payload.userErrors).toEqual(
        ['1', '3'].map((place) => ({
          field: ['input', field, place],
          code: 'NOT_FOUND',
          message: `There is no such ${kind}.`,
        })),
      );
    });

    it('are taken while the catalog is away', async () => {
      world.catalog.isAway = true;
      const { data, errors } = await world.signIn().ask<Answer>(save, { ids: newIds(kind, 3) });
      expect(errors).toBeUndefined();
      expect(data.payload).toMatchObject({ userErrors: [], items: [{ isKept: true }, {}, {}] });
    });

    it('are 1 to 100 ids of the kind, and need an account', async () => {
      const viewer = world.signIn();
      const messages = async (ids: string[], ask = viewer.ask) => {
        const { errors } = await ask(save, { ids });
        return errors?.map(({ message, extensions }) => `${extensions.code} ${message}`);
      };
      expect(await messages([])).toEqual([`BAD_USER_INPUT input.${field}: 1 to 100 ids are needed, got 0`]);
      expect(await messages(newIds(kind, 101))).toEqual([
        `BAD_USER_INPUT input.${field}: 1 to 100 ids are needed, got 101`,
      ]);
      expect((await messages([...newIds(kind, 1), 'song_1']))?.[0]).toMatch(
        `BAD_USER_INPUT input.${field}.1: expected an id of the form ${kind}_`,
      );
      expect((await messages(newIds(kind, 1), world.ask))?.[0]).toMatch('UNAUTHENTICATED');
      expect((await world.ask(unsave, { ids: newIds(kind, 1) })).errors?.[0]?.extensions.code).toBe(
        'UNAUTHENTICATED',
      );
      expect(world.catalog.asked).toEqual([]);
    });
  });

  it('ask the catalog once, and only for what is saved', async () => {
    const viewer = world.signIn();
    const ids = newIds('track', 100);
    await viewer.ask(saveTracks, { ids });
    await viewer.ask(saveTracks.replace('libraryTracksSave', 'libraryTracksUnsave'), { ids });
    expect(world.catalog.asked).toEqual([ids]);
  });

  describe('by following playlists', () => {
    const edit = (
      mutation: string,
    ) => `mutation ($id: ID!) { payload: ${mutation}(input: { playlistId: $id }) {
      playlist { id followerCount viewerFollows } userErrors { field code message } } }`;
    const [follow, unfollow] = [edit('playlistFollow'), edit('playlistUnfollow')];

    it('count, and count once', async () => {
      const id = encodeId('playlist', await world.createPlaylist());
      const [one, other] = [world.signIn(), world.signIn()];
      const payload = (followerCount: number, viewerFollows: boolean) => ({
        payload: { playlist: { id, followerCount, viewerFollows }, userErrors: [] },
      });
      expect((await one.ask(follow, { id })).data).toEqual(payload(1, true));
      expect((await one.ask(follow, { id })).data).toEqual(payload(1, true));
      expect((await other.ask(unfollow, { id })).data).toEqual(payload(1, false));
      expect((await other.ask(follow, { id })).data).toEqual(payload(2, true));
      expect((await one.ask(unfollow, { id })).data).toEqual(payload(1, false));
    });

    it('reach unlisted ones, and do not find private ones, deleted ones and none', async () => {
      const unlisted = await world.createPlaylist({ privacy: 'UNLISTED' });
      const hidden = await world.createPlaylist({ privacy: 'PRIVATE' });
      const deleted = await world.createPlaylist();
      await world.prisma.playlist.update({ where: { id: deleted }, data: { deletedAt: new Date() } });
      const viewer = world.signIn();
      const ask = (id: string) => viewer.ask(follow, { id: encodeId('playlist', id) });
      expect((await ask(unlisted)).data).toMatchObject({ payload: { userErrors: [] } });
      const message = 'There is no such playlist.';
      for (const id of [hidden, deleted, newUuid()])
        expect((await ask(id)).data).toEqual({
          payload: {
            playlist: null,
            userErrors: [{ field: ['input', 'playlistId'], code: 'NOT_FOUND', message }],
          },
        });
    });

    it('are not for the own ones', async () => {
      const viewer = world.signIn();
      const id = encodeId('playlist', await world.createPlaylist({ ownerId: viewer.accountId }));
      expect((await viewer.ask(follow, { id })).data).toMatchObject({
        payload: { playlist: { followerCount: 0, viewerFollows: false }, userErrors: [{ code: 'INVALID' }] },
      });
    });

    it('can be ended also when the playlist is hidden by now', async () => {
      const viewer = world.signIn();
      const uuid = await world.createPlaylist();
      const id = encodeId('playlist', uuid);
      await viewer.ask(follow, { id });
      await world.prisma.playlist.update({ where: { id: uuid }, data: { privacy: 'PRIVATE' } });
      expect((await viewer.ask(unfollow, { id })).data).toEqual({
        payload: { playlist: null, userErrors: [] },
      });
      expect(await world.prisma.playlist.findUnique({ where: { id: uuid } })).toMatchObject({
        followerCount: 0,
      });
    });

    it('need an account', async () => {
      const id = encodeId('playlist', await world.createPlaylist());
      for (const query of [follow, unfollow])
        expect((await world.ask(query, { id })).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    });
  });
});
