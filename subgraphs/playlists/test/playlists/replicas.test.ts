import { encodeId, itemUuidOf } from '@medley/ids';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { catchUp } from '../../src/consumers/follow-peer.ts';
import {
  createPlaylist,
  newOperationId,
  openReplica,
  type Person,
  type PlaylistAnswer,
  type Replica,
  trackId,
  tracksOf,
} from './open-replica.ts';

describe('two regions with a database each', () => {
  let east: Replica;
  let west: Replica;
  let owner: Person;
  /** The same account, at the other region. */
  let ownerInWest: Person;
  let friend: Person;
  beforeAll(async () => {
    [east, west] = await Promise.all([openReplica('east'), openReplica('west')]);
    // A clock that is wrong must not matter.
    west.world.now -= 3_600_000;
    owner = east.signIn(1);
    ownerInWest = west.signIn(1);
    friend = west.signIn(2);
  });
  afterAll(() => Promise.all([east.close(), west.close()]));
  beforeEach(() => {
    east.world.now += 1_000;
    west.world.now += 1_000;
  });
  afterEach(() => meet());

  /** Each merges what the other has, until neither has anything new. */
  async function meet() {
    for (let merged = 1; merged > 0; ) {
      merged = 0;
      const onMerged = (count: number) => {
        merged += count;
      };
      const signal = new AbortController().signal;
      for (const [here, there] of [
        [east, west],
        [west, east],
      ] as const)
        await catchUp(
          {
            peer: there.asPeer(),
            positions: here.repositories.peerPositions,
            playlists: here.repositories.playlists,
            onMerged,
          },
          signal,
        );
    }
  }

  /** What both show, which must be the same. */
  async function readBoth(id: string): Promise<PlaylistAnswer | null> {
    const shown = await owner.read(id);
    expect(await ownerInWest.read(id)).toEqual(shown);
    return shown;
  }

  async function share(tracks: readonly number[]) {
    const playlist = await createPlaylist(owner, tracks);
    await owner.edit('CollaboratorAdd', { playlistId: playlist.id, userId: friend.id });
    await meet();
    return playlist;
  }

  it('show both items in the same order when two clients insert into one gap at once, offline, replayed twice', async () => {
    const { id, items } = await share([1, 2]);
    const place = { afterItemId: items.nodes[0]?.id };
    const fromEast = { operationId: newOperationId(), playlistId: id, trackIds: [trackId(11)], place };
    const fromWest = { operationId: newOperationId(), playlistId: id, trackIds: [trackId(12)], place };
    // Each was kept on a phone that was offline, and is sent twice, once to the wrong region.
    await owner.edit('ItemsAdd', fromEast);
    await friend.edit('ItemsAdd', fromWest);
    await owner.edit('ItemsAdd', fromEast);
    await meet();
    await ownerInWest.edit('ItemsAdd', fromEast);
    await friend.edit('ItemsAdd', fromWest);
    await meet();
    const shown = tracksOf(await readBoth(id));
    expect([
      [1, 11, 12, 2],
      [1, 12, 11, 2],
    ]).toContainEqual(shown);

    // And a third still fits between them.
    const [, left] = (await readBoth(id))?.items.nodes ?? [];
    await friend.edit('ItemsAdd', {
      playlistId: id,
      trackIds: [trackId(13)],
      place: { afterItemId: left?.id },
    });
    await meet();
    expect(tracksOf(await readBoth(id))).toEqual([1, shown[1], 13, shown[2], 2]);
  });

  it('keep every add, and do what was removed and moved, whichever hears of it first', async () => {
    const { id, items } = await share([1, 2, 3, 4]);
    const [a, b, c] = items.nodes.map((item) => item.id);
    await owner.edit('ItemsRemove', { playlistId: id, itemIds: [a] });
    await friend.edit('ItemsMove', { playlistId: id, itemIds: [a, c], place: { at: 'END' } });
    await owner.edit('ItemsAdd', {
      playlistId: id,
      trackIds: [5, 6].map(trackId),
      place: { afterItemId: b },
    });
    await friend.edit('ItemsAdd', { playlistId: id, trackIds: [7].map(trackId), place: { at: 'START' } });
    await meet();
    expect(tracksOf(await readBoth(id))).toEqual([7, 2, 5, 6, 4, 3]);
    expect((await readBoth(id))?.itemCount).toBe(6);
  });

  it('let the later of two names hold, also where a clock is an hour behind', async () => {
    const { id } = await share([]);
    await owner.edit('Rename', { playlistId: id, name: 'From the east' });
    await meet();
    await ownerInWest.edit('Rename', { playlistId: id, name: 'From the west, later' });
    await meet();
    expect((await readBoth(id))?.name).toBe('From the west, later');
  });

  it('remember what an offline client removed before its add arrived', async () => {
    const { id } = await share([1]);
    const operationId = newOperationId();
    const [gone, moved] = [0, 1].map((index) => encodeId('item', itemUuidOf(operationId, index)));
    await owner.edit('ItemsAdd', { operationId, playlistId: id, trackIds: [trackId(2), trackId(3)] });
    expect((await friend.edit('ItemsRemove', { playlistId: id, itemIds: [gone] })).userErrors).toEqual([]);
    await friend.edit('ItemsMove', { playlistId: id, itemIds: [moved], place: { at: 'START' } });
    await meet();
    expect(tracksOf(await readBoth(id))).toEqual([3, 1]);
  });

  it('replace what a person saw in the other region, and nothing that came since', async () => {
    const { id } = await share([1, 2]);
    await owner.edit('ItemsAdd', { playlistId: id, trackIds: [trackId(3)] });
    const seen = (await owner.read(id))?.snapshotId;
    await friend.edit('ItemsAdd', { playlistId: id, trackIds: [trackId(9)] });
    await owner.edit('ItemsAdd', { playlistId: id, trackIds: [trackId(8)] });
    await meet();
    await friend.edit('ItemsReplace', { playlistId: id, trackIds: [trackId(5)], seenSnapshot: seen });
    await meet();
    expect(tracksOf(await readBoth(id)).toSorted()).toEqual([5, 8, 9]);
  });

  it('take an operation once that was sent to both while they were apart', async () => {
    const operationId = newOperationId();
    const input = { operationId, name: 'Twice', privacy: 'PUBLIC', trackIds: [trackId(1), trackId(2)] };
    const [here, there] = [await owner.edit('Create', input), await ownerInWest.edit('Create', input)];
    expect(here.playlist?.id).toBe(there.playlist?.id);
    await meet();
    expect(tracksOf(await readBoth(here.playlist?.id as string))).toEqual([1, 2]);
  });

  it('agree that a playlist is deleted, whatever else happened to it', async () => {
    const { id } = await share([1]);
    await owner.edit('Delete', { playlistId: id });
    await friend.edit('ItemsAdd', { playlistId: id, trackIds: [trackId(2)] });
    await meet();
    expect(await readBoth(id)).toBeNull();
  });

  it('compare and set within one region, and merge across', async () => {
    const { id, snapshotId } = await share([]);
    const before = (await owner.read(id))?.snapshotId ?? snapshotId;
    const [fromEast, fromWest] = [
      await owner.edit('Rename', { playlistId: id, name: 'East', ifSnapshot: before }),
      await ownerInWest.edit('Rename', { playlistId: id, name: 'West', ifSnapshot: before }),
    ];
    expect([fromEast.userErrors, fromWest.userErrors]).toEqual([[], []]);
    await meet();
    const late = await owner.edit('Rename', {
      playlistId: id,
      name: 'Late',
      ifSnapshot: fromEast.snapshotId,
    });
    expect(late.userErrors).toMatchObject([{ code: 'CONFLICT' }]);
    expect((await readBoth(id))?.snapshotId).toBe(late.snapshotId);
  });

  describe('to who follows a playlist from one to the other', () => {
    const follow = `subscription ($id: ID!, $after: String) {
      playlistChanged(id: $id, after: $after) { kind cursor playlist { snapshotId } edits { operationId } }
    }`;
    interface Told {
      playlistChanged: {
        cursor: string;
        playlist: { snapshotId: string };
        edits: { operationId: string }[];
      };
    }
    async function open(person: Person, id: string, after?: string) {
      const stream = await person.subscribe<Told>(follow, { id, after });
      return {
        stop: stream.stop,
        async next() {
          const told = (await stream.next())?.data.playlistChanged;
          return { ...told, edits: told?.edits.map(({ operationId }) => operationId) };
        },
      };
    }
    const add = async (person: Person, playlistId: string, operationId = newOperationId()) => {
      await person.edit('ItemsAdd', { operationId, playlistId, trackIds: [trackId(1)] });
      return operationId;
    };

    it('tell what he was not told, and nothing while they know less than he does', async () => {
      const { id } = await share([]);
      const first = await open(owner, id);
      await first.next();
      const inEast = await add(owner, id);
      const told = await first.next();
      expect(told.edits).toEqual([inEast]);
      first.stop();

      const second = await open(ownerInWest, id, told.cursor);
      const next = second.next();
      const inWest = await add(friend, id);
      await meet();
      west.notifier.notify([id]);
      const { edits, playlist } = await next;
      expect(edits).toEqual([inWest]);
      expect(playlist?.snapshotId).toBe((await owner.read(id))?.snapshotId);
      second.stop();
    });

    it('tell an edit once that was sent to both', async () => {
      const { id } = await share([]);
      const [inEast, inWest] = [await open(owner, id), await open(friend, id)];
      const [{ cursor }] = [await inEast.next(), await inWest.next()];
      const twice = await add(owner, id);
      await add(ownerInWest, id, twice);
      expect((await inEast.next()).edits).toEqual([twice]);
      expect((await inWest.next()).edits).toEqual([twice]);
      await meet();
      const last = await add(owner, id);
      await meet();
      for (const { notifier } of [east, west]) notifier.notify([id]);
      expect((await inEast.next()).edits).toEqual([last]);
      expect((await inWest.next()).edits).toEqual([last]);
      const late = await open(friend, id, cursor);
      expect((await late.next()).edits).toEqual([twice, last]);
      for (const { stop } of [inEast, inWest, late]) stop();
    });
  });

  it('go on where they left off, and merge nothing twice', async () => {
    await share([1, 2, 3]);
    const count = () => east.database.statements.count();
    const before = count();
    await meet();
    expect(count() - before).toBeLessThanOrEqual(4);
  });
});
