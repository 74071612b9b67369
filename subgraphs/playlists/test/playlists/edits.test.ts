import { decodeId, encodeId, itemUuidOf, playlistUuidOf } from '@medley/ids';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Operation } from '../../src/domain/operation.ts';
import { positionsIn } from '../../src/domain/position.ts';
import {
  createPlaylist,
  newOperationId,
  openReplica,
  type Person,
  type PlaylistAnswer,
  type Replica,
  trackId,
  tracksOf,
  userId,
} from './open-replica.ts';

const dayMs = 86_400_000;

describe('playlists', () => {
  let replica: Replica;
  let owner: Person;
  let friend: Person;
  let stranger: Person;
  beforeAll(async () => {
    replica = await openReplica();
    [owner, friend, stranger] = [1, 2, 3].map(replica.signIn) as [Person, Person, Person];
  });
  afterAll(() => replica.close());
  beforeEach(() => {
    replica.world.now += 1_000;
    replica.world.catalogIsAway = false;
    replica.world.unknownTracks.clear();
    replica.world.unknownAccounts.clear();
  });

  const codes = ({ userErrors }: { userErrors: { code: string; field: string[] | null }[] }) =>
    userErrors.map(({ code, field }) => `${code} ${field?.slice(1).join('.')}`);
  const itemIds = (playlist: PlaylistAnswer | null) => (playlist?.items.nodes ?? []).map(({ id }) => id);

  describe('creating', () => {
    it('gives what was asked for, private unless told otherwise, to its owner alone', async () => {
      const { playlist, items, userErrors, snapshotId } = await owner.edit('Create', {
        name: '  Rainy days ',
        description: 'For 🌧️',
        trackIds: [trackId(1), trackId(2), trackId(1)],
      });
      expect(userErrors).toEqual([]);
      expect(playlist).toMatchObject({
        name: 'Rainy days',
        description: 'For 🌧️',
        privacy: 'PRIVATE',
        itemCount: 3,
        viewerCanEdit: true,
        snapshotId,
      });
      expect(tracksOf(playlist)).toEqual([1, 2, 1]);
      expect(items?.map(({ id }) => id)).toEqual(itemIds(playlist));
      expect(playlist?.items.nodes[0]).toMatchObject({
        addedBy: { id: owner.id },
        addedAt: new Date(replica.world.now).toISOString(),
      });
      expect(await stranger.read(playlist?.id as string)).toBeNull();
    });

    it('gives ids that the client knows before', async () => {
      const operationId = newOperationId();
      const { playlist, items } = await owner.edit('Create', {
        operationId,
        name: 'A',
        trackIds: [trackId(1), trackId(2)],
      });
      expect(playlist?.id).toBe(encodeId('playlist', playlistUuidOf(operationId)));
      expect(items?.map(({ id }) => id)).toEqual(
        [0, 1].map((index) => encodeId('item', itemUuidOf(operationId, index))),
      );
    });

    it('takes effect once, however often it is sent', async () => {
      const input = { operationId: newOperationId(), name: 'Once', trackIds: [trackId(1)] };
      const [first, ...others] = [await owner.edit('Create', input), await owner.edit('Create', input)];
      expect(others).toEqual([first]);
      expect(codes(await owner.edit('Create', { ...input, name: 'Twice' }))).toEqual([
        'OPERATION_ID_REUSED operationId',
      ]);
      expect(codes(await stranger.edit('Create', input))).toEqual(['OPERATION_ID_REUSED operationId']);
    });

    it('says what is wrong with a name or a description', async () => {
      expect(codes(await owner.edit('Create', { name: ' ' }))).toEqual(['TOO_SHORT name']);
      expect(codes(await owner.edit('Create', { name: '🎵'.repeat(101) }))).toEqual(['TOO_LONG name']);
      expect(codes(await owner.edit('Create', { name: 'a\0b' }))).toEqual(['INVALID name']);
      expect(codes(await owner.edit('Create', { name: 'a', description: 'x'.repeat(301) }))).toEqual([
        'TOO_LONG description',
      ]);
      const { playlist } = await owner.edit('Create', {
        name: '🎵'.repeat(100),
        description: '🎵'.repeat(300),
      });
      expect([...(playlist?.name ?? '')]).toHaveLength(100);
    });
  });

  describe('who may', () => {
    it('hides private playlists from strangers, wherever they ask', async () => {
      const { id } = await createPlaylist(owner, [1], { privacy: 'PRIVATE' });
      for (const ask of [stranger.ask, replica.ask]) {
        const { data, errors } = await ask<Record<string, unknown>>(
          `query ($id: ID!, $of: [_Any!]!) { playlist(id: $id) { id } _entities(representations: $of) { __typename } }`,
          { id, of: [{ __typename: 'Playlist', id }] },
        );
        expect([data, errors]).toEqual([{ playlist: null, _entities: [null] }, undefined]);
      }
      for (const [name, input] of Object.entries({
        Rename: { name: 'Mine' },
        PrivacySet: { privacy: 'PUBLIC' },
        Delete: {},
        ItemsAdd: { trackIds: [trackId(1)] },
        ItemsMove: { itemIds: [encodeId('item', newOperationId())], place: { at: 'END' } },
        CollaboratorAdd: { userId: stranger.id },
      })) {
        const payload = await stranger.edit(name as 'Rename', { playlistId: id, ...input });
        expect([payload.playlist ?? null, codes(payload)], name).toEqual([null, ['NOT_FOUND playlistId']]);
      }
    });

    it('shows unlisted playlists to whoever knows their id', async () => {
      const { id } = await createPlaylist(owner, [1], { privacy: 'UNLISTED' });
      expect(await stranger.read(id)).toMatchObject({ name: 'Sunday', viewerCanEdit: false });
    });

    it('lets the owner and collaborators edit items, the owner alone the rest, and nobody else anything', async () => {
      const { id } = await createPlaylist(owner, [], { privacy: 'PRIVATE' });
      expect(codes(await owner.edit('CollaboratorAdd', { playlistId: id, userId: friend.id }))).toEqual([]);
      expect(await friend.read(id)).toMatchObject({
        viewerCanEdit: true,
        collaborators: [{ id: friend.id }],
      });
      expect(codes(await friend.edit('ItemsAdd', { playlistId: id, trackIds: [trackId(1)] }))).toEqual([]);
      for (const [name, input] of Object.entries({
        Rename: { name: 'Mine' },
        Describe: { description: 'Mine' },
        PrivacySet: { privacy: 'PUBLIC' },
        Delete: {},
        CollaboratorAdd: { userId: stranger.id },
        CollaboratorRemove: { userId: owner.id },
      }))
        expect(codes(await friend.edit(name as 'Rename', { playlistId: id, ...input })), name).toEqual([
          'FORBIDDEN playlistId',
        ]);
      await owner.edit('PrivacySet', { playlistId: id, privacy: 'PUBLIC' });
      expect(codes(await stranger.edit('ItemsAdd', { playlistId: id, trackIds: [trackId(1)] }))).toEqual([
        'FORBIDDEN playlistId',
      ]);
    });

    it('lets collaborators leave, and forgets what they could see', async () => {
      const { id } = await createPlaylist(owner, [1], { privacy: 'PRIVATE' });
      await owner.edit('CollaboratorAdd', { playlistId: id, userId: friend.id });
      const left = await friend.edit('CollaboratorRemove', { playlistId: id, userId: friend.id });
      expect(left).toMatchObject({ playlist: null, snapshotId: null, userErrors: [] });
      expect(await friend.read(id)).toBeNull();
    });

    it('takes collaborators that exist, once, and at most 50 of them', async () => {
      const { id } = await createPlaylist(owner);
      const add = (number: number) =>
        owner.edit('CollaboratorAdd', { playlistId: id, userId: userId(number) });
      replica.world.unknownAccounts.add(userId(7));
      expect(codes(await add(7))).toEqual(['NOT_FOUND userId']);
      expect(codes(await add(1))).toEqual(['INVALID userId']);
      for (let number = 100; number < 150; number++) expect(codes(await add(number))).toEqual([]);
      expect(codes(await add(100))).toEqual([]);
      expect(codes(await add(150))).toEqual(['LIMIT_REACHED userId']);
    });

    it('asks for an account', async () => {
      const { errors } = await replica.ask(
        'mutation ($input: PlaylistCreateInput!) { playlistCreate(input: $input) { playlist { id } } }',
        { input: { operationId: newOperationId(), name: 'A' } },
      );
      expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    });
  });

  describe('details', () => {
    it('change, and an empty description is none', async () => {
      const { id } = await createPlaylist(owner);
      await owner.edit('Rename', { playlistId: id, name: 'Monday' });
      await owner.edit('Describe', { playlistId: id, description: 'Slow' });
      expect(await owner.read(id)).toMatchObject({ name: 'Monday', description: 'Slow' });
      await owner.edit('Describe', { playlistId: id, description: ' ' });
      expect((await owner.read(id))?.description).toBeNull();
    });

    it('of a deleted playlist are gone, and stay gone', async () => {
      const { id } = await createPlaylist(owner, [1]);
      const input = { operationId: newOperationId(), playlistId: id };
      for (let times = 0; times < 2; times++)
        expect(await owner.edit('Delete', input)).toEqual({ deletedPlaylistId: id, userErrors: [] });
      expect(await owner.read(id)).toBeNull();
      expect(codes(await owner.edit('Delete', { playlistId: id }))).toEqual(['NOT_FOUND playlistId']);
      expect(codes(await owner.edit('ItemsAdd', { playlistId: id, trackIds: [trackId(1)] }))).toEqual([
        'NOT_FOUND playlistId',
      ]);
    });
  });

  describe('items', () => {
    it('go where they are put', async () => {
      const playlist = await createPlaylist(owner, [1, 2, 3]);
      const [first, second] = itemIds(playlist);
      const add = async (track: number, place: object | null) =>
        tracksOf(
          (await owner.edit('ItemsAdd', { playlistId: playlist.id, trackIds: [trackId(track)], place }))
            .playlist,
        );
      expect(await add(4, null)).toEqual([1, 2, 3, 4]);
      expect(await add(5, { at: 'START' })).toEqual([5, 1, 2, 3, 4]);
      expect(await add(6, { afterItemId: first })).toEqual([5, 1, 6, 2, 3, 4]);
      expect(await add(7, { beforeItemId: second })).toEqual([5, 1, 6, 7, 2, 3, 4]);
      expect(await add(8, { afterItemId: encodeId('item', newOperationId()) })).toEqual([
        5, 1, 6, 7, 2, 3, 4, 8,
      ]);
    });

    it('go beside one that was removed meanwhile, where it stood', async () => {
      const playlist = await createPlaylist(owner, [1, 2, 3]);
      const [, second] = itemIds(playlist);
      await owner.edit('ItemsRemove', { playlistId: playlist.id, itemIds: [second] });
      const place = { afterItemId: second };
      const added = await owner.edit('ItemsAdd', { playlistId: playlist.id, trackIds: [trackId(9)], place });
      expect(tracksOf(added.playlist)).toEqual([1, 9, 3]);
    });

    it('move, in the order given, and keep their ids', async () => {
      const playlist = await createPlaylist(owner, [1, 2, 3, 4, 5]);
      const [a, b, c, d, e] = itemIds(playlist);
      const move = async (ids: unknown[], place: object) =>
        tracksOf((await owner.edit('ItemsMove', { playlistId: playlist.id, itemIds: ids, place })).playlist);
      expect(await move([e, b], { at: 'START' })).toEqual([5, 2, 1, 3, 4]);
      expect(await move([a], { afterItemId: d })).toEqual([5, 2, 3, 4, 1]);
      expect(await move([c, d], { afterItemId: c })).toEqual([5, 2, 3, 4, 1]);
      expect(await move([e, e], { beforeItemId: a })).toEqual([2, 3, 4, 5, 1]);
      expect(new Set(itemIds(await owner.read(playlist.id)))).toEqual(new Set([a, b, c, d, e]));
    });

    it('leave, and to remove them again is no error', async () => {
      const playlist = await createPlaylist(owner, [1, 2, 3]);
      const [a, b] = itemIds(playlist);
      for (let times = 0; times < 2; times++) {
        const payload = await owner.edit('ItemsRemove', { playlistId: playlist.id, itemIds: [a, b] });
        expect([tracksOf(payload.playlist), payload.userErrors, payload.playlist?.itemCount]).toEqual([
          [3],
          [],
          1,
        ]);
      }
    });

    it('that are unknown are left out, each with an error, and the same answer comes again', async () => {
      const { id } = await createPlaylist(owner);
      replica.world.unknownTracks.add(trackId(2));
      const input = {
        operationId: newOperationId(),
        playlistId: id,
        trackIds: [trackId(1), trackId(2), trackId(3), trackId(2)],
      };
      const first = await owner.edit('ItemsAdd', input);
      expect(tracksOf(first.playlist)).toEqual([1, 3]);
      expect(codes(first)).toEqual(['NOT_FOUND trackIds.1', 'NOT_FOUND trackIds.3']);
      replica.world.unknownTracks.clear();
      expect(await owner.edit('ItemsAdd', input)).toEqual(first);
      replica.world.unknownTracks.add(trackId(2));
      const none = await owner.edit('ItemsAdd', { playlistId: id, trackIds: [trackId(2)] });
      expect([none.items, codes(none)]).toEqual([[], ['NOT_FOUND trackIds.0']]);
    });

    it('are taken unverified while the catalog is away', async () => {
      const { id } = await createPlaylist(owner);
      replica.world.catalogIsAway = true;
      const { playlist, userErrors } = await owner.edit('ItemsAdd', {
        playlistId: id,
        trackIds: [trackId(1)],
      });
      expect([tracksOf(playlist), userErrors]).toEqual([[1], []]);
    });

    it('are at most 10,000', async () => {
      const { id } = await createPlaylist(owner);
      await replica.repositories.playlists.merge([manyItems(decodeId(id, 'playlist'), 9_999)]);
      const add = (...numbers: number[]) =>
        owner.edit('ItemsAdd', { playlistId: id, trackIds: numbers.map(trackId) });
      const full = await add(1, 2);
      expect([codes(full), full.playlist?.itemCount]).toEqual([['LIMIT_REACHED trackIds'], 9_999]);
      expect(full.userErrors[0]?.message).toContain('10000');
      expect(codes(await add(1))).toEqual([]);
      expect(codes(await add(1))).toEqual(['LIMIT_REACHED trackIds']);
    });

    it('that somebody replaces are those that the person saw', async () => {
      const { id, snapshotId } = await createPlaylist(owner, [1, 2, 3]);
      await owner.edit('CollaboratorAdd', { playlistId: id, userId: friend.id });
      await friend.edit('ItemsAdd', { playlistId: id, trackIds: [trackId(9)], place: { at: 'START' } });
      const input = { playlistId: id, trackIds: [trackId(5), trackId(6)], seenSnapshot: snapshotId };
      const replaced = await owner.edit('ItemsReplace', input);
      expect(tracksOf(replaced.playlist)).toEqual([5, 6, 9]);
      expect(replaced.items).toHaveLength(2);
      const cleared = await owner.edit('ItemsReplace', {
        playlistId: id,
        trackIds: [],
        seenSnapshot: replaced.snapshotId,
      });
      expect(tracksOf(cleared.playlist)).toEqual([]);
    });

    it('stay as they were when none of their replacements exists', async () => {
      const { id, snapshotId } = await createPlaylist(owner, [1, 2]);
      replica.world.unknownTracks.add(trackId(5));
      const refused = await owner.edit('ItemsReplace', {
        playlistId: id,
        trackIds: [trackId(5)],
        seenSnapshot: snapshotId,
      });
      expect([codes(refused), tracksOf(refused.playlist)]).toEqual([['NOT_FOUND trackIds.0'], [1, 2]]);
    });
  });

  describe('compare-and-set', () => {
    it('gives the current state back on conflict, and takes what fits', async () => {
      const { id, snapshotId } = await createPlaylist(owner, [1]);
      const renamed = await owner.edit('Rename', { playlistId: id, name: 'Monday', ifSnapshot: snapshotId });
      expect([codes(renamed), renamed.snapshotId === snapshotId]).toEqual([[], false]);
      const late = await owner.edit('ItemsAdd', {
        playlistId: id,
        trackIds: [trackId(2)],
        ifSnapshot: snapshotId,
      });
      expect(codes(late)).toEqual(['CONFLICT ifSnapshot']);
      expect(late).toMatchObject({
        items: [],
        snapshotId: renamed.snapshotId,
        playlist: { name: 'Monday', itemCount: 1 },
      });
    });

    it('tells an edit that was taken from one that was not, when it is sent again', async () => {
      const { id, snapshotId } = await createPlaylist(owner);
      const input = { operationId: newOperationId(), playlistId: id, name: 'Monday', ifSnapshot: snapshotId };
      const first = await owner.edit('Rename', input);
      expect(await owner.edit('Rename', input)).toEqual(first);
    });
  });

  describe('bad input', () => {
    it.each([
      ['an operationId that is no UUID', 'Rename', { operationId: 'abc', name: 'A' }, 'input.operationId'],
      ['a snapshot that is none', 'Rename', { ifSnapshot: 'abc', name: 'A' }, 'input.ifSnapshot'],
      [
        'an item for a track',
        'ItemsAdd',
        { trackIds: [encodeId('item', newOperationId())] },
        'input.trackIds.0',
      ],
      ['no tracks', 'ItemsAdd', { trackIds: [] }, 'input.trackIds: expected 1 to 100'],
      [
        '101 tracks',
        'ItemsAdd',
        { trackIds: Array(101).fill(trackId(1)) },
        'input.trackIds: expected 1 to 100',
      ],
      [
        'two places',
        'ItemsAdd',
        { trackIds: [trackId(1)], place: { at: 'END', afterItemId: encodeId('item', newOperationId()) } },
        'input.place: expected exactly one',
      ],
      ['no place', 'ItemsAdd', { trackIds: [trackId(1)], place: {} }, 'input.place: expected exactly one'],
    ] as const)('%s is refused by name', async (_, name, input, message) => {
      const { id } = await createPlaylist(owner);
      await expect(owner.edit(name, { playlistId: id, ...input })).rejects.toThrow(message);
    });

    it('an operation that tells its age and is too old is told so, with the current state', async () => {
      const { id } = await createPlaylist(owner, [1]);
      const oldIds = [89, 91].map((days) => uuidV7At(replica.world.now - days * dayMs));
      const [young, old] = await Promise.all(
        oldIds.map((operationId) =>
          owner.edit('ItemsAdd', { operationId, playlistId: id, trackIds: [trackId(2)] }),
        ),
      );
      expect(codes(young as never)).toEqual([]);
      expect(codes(old as never)).toEqual(['STALE_OPERATION operationId']);
      expect(old?.playlist?.id).toBe(id);
    });
  });
});

const uuidV7At = (ms: number) => {
  const hex = ms.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7${newOperationId().slice(15)}`;
};

/** One operation of another replica. */
function manyItems(playlistId: string, count: number): Operation {
  const id = newOperationId();
  const positions = positionsIn({ after: null, before: null }, id, count);
  const track = decodeId(trackId(1), 'track');
  return {
    id,
    playlistId,
    actorId: null,
    replica: 'other',
    revision: 1,
    clock: '0000000000010000-other',
    acceptedAt: new Date(1),
    digest: '',
    problems: [],
    change: {
      type: 'ADD_ITEMS',
      items: positions.map((position, index) => ({
        id: itemUuidOf(id, index),
        trackId: track,
        albumId: null,
        position,
      })),
    },
  };
}
