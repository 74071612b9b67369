import { randomUUID } from 'node:crypto';
import { decodeId } from '@medley/ids';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openPrismaClient, type PrismaClient } from '../../src/adapters/prisma-client.ts';
import { startCompaction } from '../../src/app.ts';
import { createCompaction, crowdedLength } from '../../src/domain/compaction.ts';
import { createRespacing } from '../../src/domain/respace-playlist.ts';
import { createPlaylist, openReplica, type Person, type Replica, trackId, tracksOf } from './open-replica.ts';

const dayMs = 86_400_000;
const goOn = new AbortController().signal;

describe('compaction', () => {
  let replica: Replica;
  let client: PrismaClient;
  let owner: Person;
  beforeAll(async () => {
    replica = await openReplica();
    client = openPrismaClient(replica.database);
    owner = replica.signIn(1);
  });
  afterAll(async () => {
    await client.$disconnect();
    await replica.close();
  });
  // The database has a clock of its own.
  beforeEach(() => {
    replica.world.now = Date.now();
  });

  const compactor = (onProgress?: () => void) =>
    createCompaction({
      compaction: replica.repositories.compaction,
      respace: createRespacing({
        playlists: replica.repositories.playlists,
        replica: replica.replica,
        clock: () => new Date(replica.world.now),
        newId: randomUUID,
      }),
      clock: () => new Date(replica.world.now),
      onProgress,
    });
  const rowsOf = async (id: string) => {
    const playlistId = decodeId(id, 'playlist');
    return {
      operations: await client.operation.count({ where: { playlistId } }),
      items: await client.playlistItem.count({ where: { playlistId } }),
      playlists: await client.playlist.count({ where: { id: playlistId } }),
    };
  };

  it('keeps all for 90 days, and then what is there', async () => {
    const playlist = await createPlaylist(owner, [1, 2, 3]);
    const [gone] = playlist.items.nodes.map(({ id }) => id);
    await owner.edit('ItemsRemove', { playlistId: playlist.id, itemIds: [gone] });
    const before = await owner.read(playlist.id);
    replica.world.now = Date.now() + 89 * dayMs;
    expect(await compactor()(goOn)).toEqual({ playlists: 0, operations: 0, items: 0 });
    replica.world.now = Date.now() + 91 * dayMs;
    expect(await compactor()(goOn)).toMatchObject({ operations: 2, items: 1 });
    expect(await rowsOf(playlist.id)).toEqual({ operations: 0, items: 2, playlists: 1 });
    expect(await owner.read(playlist.id)).toEqual(before);
    expect(await compactor()(goOn)).toEqual({ playlists: 0, operations: 0, items: 0 });
  });

  it('takes deleted playlists away whole', async () => {
    const playlist = await createPlaylist(owner, [1, 2, 3]);
    await owner.edit('Delete', { playlistId: playlist.id });
    replica.world.now = Date.now() + 91 * dayMs;
    expect(await compactor()(goOn)).toMatchObject({ playlists: 1, operations: 2 });
    expect(await rowsOf(playlist.id)).toEqual({ operations: 0, items: 0, playlists: 0 });
  });

  it('makes stale what rests on what it forgot, and nothing else', async () => {
    const { id, snapshotId } = await createPlaylist(owner, [1, 2]);
    const { snapshotId: later } = await owner.edit('ItemsAdd', { playlistId: id, trackIds: [trackId(3)] });
    replica.world.now = Date.now() + 91 * dayMs;
    await compactor()(goOn);
    const replace = (seenSnapshot: string | null) =>
      owner.edit('ItemsReplace', { playlistId: id, trackIds: [trackId(5)], seenSnapshot });
    const stale = await replace(snapshotId);
    expect(stale.userErrors).toMatchObject([{ code: 'STALE_OPERATION', field: ['input', 'seenSnapshot'] }]);
    expect(tracksOf(stale.playlist)).toEqual([1, 2, 3]);
    const fresh = await replace(later);
    expect([fresh.userErrors, tracksOf(fresh.playlist)]).toEqual([[], [5]]);
  });

  it('does not bring back what was removed when another replica tells it all again', async () => {
    const { id, items } = await createPlaylist(owner, [1, 2]);
    await owner.edit('ItemsRemove', { playlistId: id, itemIds: [items.nodes[0]?.id] });
    const told = await replica.repositories.feed.operationsSince('0', 1_000);
    replica.world.now = Date.now() + 91 * dayMs;
    await compactor()(goOn);
    // Of its record the peer has told no more yet than that the playlist was created.
    const created = told.filter(({ operation: { change, playlistId } }) =>
      change.type === 'CREATE' ? playlistId === decodeId(id, 'playlist') : false,
    );
    expect(created).toHaveLength(1);
    await replica.repositories.playlists.merge(created.map(({ operation }) => operation));
    expect(tracksOf(await owner.read(id))).toEqual([2]);
  });

  it('can be interrupted, and goes on from there', async () => {
    for (let number = 0; number < 5; number++) await createPlaylist(owner, [number]);
    replica.world.now = Date.now() + 91 * dayMs;
    const stopping = new AbortController();
    let seen = 0;
    const first = await compactor(() => {
      seen += 1;
      if (seen === 2) stopping.abort();
    })(stopping.signal);
    expect(first.operations).toBe(2);
    expect((await compactor()(goOn)).operations).toBe(3);
  });

  it('gives short positions anew where they have become long, and the order stays', async () => {
    const { id } = await createPlaylist(owner, [3, 1, 2]);
    const playlistId = decodeId(id, 'playlist');
    // As if edits had gone between the last two for long, which is the worst that can be done to positions.
    await client.$executeRaw`
      UPDATE playlists.playlist_items SET position = position || ${'0zz'.repeat(100)} WHERE playlist_id = ${playlistId}::uuid`;
    const before = await owner.read(id);
    await compactor()(goOn);
    const after = await owner.read(id);
    expect(tracksOf(after)).toEqual(tracksOf(before));
    const rows = await client.playlistItem.findMany({ where: { playlistId } });
    expect(Math.max(...rows.map(({ position }) => position?.length ?? 0))).toBeLessThan(crowdedLength);
    expect(after?.snapshotId).not.toBe(before?.snapshotId);
  });

  it('runs in the background until it is told to stop, and counts', async () => {
    const { id } = await createPlaylist(owner, [1]);
    const metrics = createMetrics();
    const stop = startCompaction({
      ...replica.repositories,
      replica: replica.replica,
      logger: silentLogger,
      metrics,
      clock: () => Date.now() + 91 * dayMs,
      everyMs: 20,
    });
    while ((await rowsOf(id)).operations > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await stop();
    expect(await metrics.registry.getSingleMetricAsString('medley_playlists_forgotten_total')).toMatch(
      /operations"\} [1-9]/,
    );
  });
});
