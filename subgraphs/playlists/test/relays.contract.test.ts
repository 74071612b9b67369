import { libraryChanged, playlistsChanged } from '@medley/events';
import { decodeId, encodeId, newUuid } from '@medley/ids';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { testDatabaseKind } from '@medley/testing/database';
import { openTestEventLog, type TestEventLog } from '@medley/testing/event-log';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { republishLibrary, republishPlaylists, startRelays } from '../src/app.ts';
import { createPlaylist, openReplica, trackId } from './playlists/open-replica.ts';

describe(`what playlists tells, on ${testDatabaseKind}`, () => {
  let replica: Awaited<ReturnType<typeof openReplica>>;
  let log: TestEventLog;
  const closing: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    replica = await openReplica();
    log = await openTestEventLog();
    const relays = startRelays({ ...relayed(), everyMs: 20 });
    closing.push(relays.stop, log.close, replica.close);
  });
  afterAll(async () => {
    for (const close of closing) await close();
  });

  const relayed = () => ({
    ...replica.repositories.relayed,
    log: log.log,
    logger: silentLogger,
    metrics: createMetrics(),
  });
  const toldOf = async (topic: { name: string }, key: string) =>
    (await log.read(topic.name)).filter((told) => told.key === key);
  const lastOf = async (topic: { name: string }, key: string) =>
    (await toldOf(topic, key)).at(-1)?.event?.data;
  const expectLast = (topic: { name: string }, key: string) =>
    expect.poll(() => lastOf(topic, key), { timeout: 20_000 });

  it('is each playlist as it became', async () => {
    const owner = replica.signIn(1);
    const { id } = await createPlaylist(owner, [1, 2]);
    const state = { id, ownerId: owner.id, privacy: 'PUBLIC', deleted: false, name: 'Sunday', itemCount: 2 };
    await expectLast(playlistsChanged, id).toEqual({ ...state, stateVersion: 1 });
    await owner.edit('Rename', { playlistId: id, name: 'Monday' });
    await owner.edit('ItemsAdd', { playlistId: id, trackIds: [trackId(3)] });
    await expectLast(playlistsChanged, id).toEqual({
      ...state,
      name: 'Monday',
      itemCount: 3,
      stateVersion: 3,
    });
  });

  it('is of a private or deleted one that it is that, and nothing else', async () => {
    const owner = replica.signIn(2);
    const { id } = await createPlaylist(owner, [1]);
    await owner.edit('PrivacySet', { playlistId: id, privacy: 'PRIVATE' });
    const state = { id, ownerId: null, privacy: 'PRIVATE', deleted: false, name: null, itemCount: 0 };
    await expectLast(playlistsChanged, id).toEqual({ ...state, stateVersion: 2 });
    await owner.edit('Delete', { playlistId: id });
    await expectLast(playlistsChanged, id).toEqual({ ...state, deleted: true, stateVersion: 3 });
  });

  it('is a playlist once for all edits that are told together', async () => {
    const owner = replica.signIn(3);
    log.setAway(true);
    const { id } = await createPlaylist(owner);
    for (const name of ['a', 'b', 'c']) await owner.edit('Rename', { playlistId: id, name });
    log.setAway(false);
    await expectLast(playlistsChanged, id).toMatchObject({ name: 'c', stateVersion: 4 });
    expect((await toldOf(playlistsChanged, id)).length).toBeLessThanOrEqual(2);
  });

  it('is what accounts keep, in its order', async () => {
    const { library } = replica.repositories;
    const [user, track] = [newUuid(), newUuid()];
    const [userKey, trackKey] = [encodeId('user', user), encodeId('track', track)];
    const now = new Date('2026-11-23T08:00:00.000Z');
    await library.save(user, 'TRACK', [track], now);
    await library.unsave(user, 'TRACK', [track], now);
    await library.save(user, 'TRACK', [track], now);
    const key = `${userKey}/${trackKey}`;
    await expect.poll(() => toldOf(libraryChanged, key), { timeout: 20_000 }).toHaveLength(3);
    expect((await toldOf(libraryChanged, key)).map(({ event }) => event?.data)).toEqual(
      [true, false, true].map((inLibrary, index) => ({
        userId: userKey,
        itemId: trackKey,
        inLibrary,
        at: now.toISOString(),
        stateVersion: index + 1,
      })),
    );
  });

  it('is everything when that is asked for, with the ids of the events that told it first', async () => {
    const { library } = replica.repositories;
    const [owner, user] = [replica.signIn(4), newUuid()];
    const { id } = await createPlaylist(owner);
    const uuid = decodeId(id, 'playlist');
    const kept = { TRACK: newUuid(), ALBUM: newUuid(), ARTIST: newUuid() };
    const now = new Date();
    await library.save(user, 'TRACK', [kept.TRACK], now);
    await library.save(user, 'ALBUM', [kept.ALBUM], now);
    await library.save(user, 'ARTIST', [kept.ARTIST], now);
    await library.follow(user, uuid, now);
    const keys = [
      encodeId('track', kept.TRACK),
      encodeId('album', kept.ALBUM),
      encodeId('artist', kept.ARTIST),
      id,
    ].map((item) => `${encodeId('user', user)}/${item}`);
    await expectLast(playlistsChanged, id).toBeDefined();
    await expectLast(libraryChanged, keys[3] as string).toBeDefined();
    const before = await toldOf(playlistsChanged, id);

    await republishPlaylists(relayed(), {});
    await republishLibrary(relayed(), {});
    const [first, again] = await toldOf(playlistsChanged, id);
    expect(await toldOf(playlistsChanged, id)).toHaveLength(before.length + 1);
    expect(again?.event).toEqual({ ...first?.event, time: expect.any(String) });
    for (const key of keys) {
      const told = await toldOf(libraryChanged, key);
      expect(told).toHaveLength(2);
      expect(told[1]?.event).toEqual({ ...told[0]?.event, time: expect.any(String) });
    }
  });
});
