import type { Database } from '@medley/database';
import { newUuid } from '@medley/ids';
import { openTestDatabase, testDatabaseKind } from '@medley/testing/database';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockPlaylist, readItemStates } from '../../src/adapters/playlist-rows.ts';
import { openPrismaClient, type PrismaClient } from '../../src/adapters/prisma-client.ts';
import { createPrismaPlaylistRepository } from '../../src/adapters/prisma-playlist-repository.ts';
import type { Operation } from '../../src/domain/operation.ts';
import type { PlaylistRepository } from '../../src/domain/playlist-repository.ts';
import type { PlaylistState } from '../../src/domain/playlist-state.ts';
import { writeSnapshot } from '../../src/domain/snapshot.ts';
import { create, operationIdOf, people, playlistId, randomSteps, toEdit } from '../domain/histories.ts';
import { createEditor, type Edit, uuid } from '../domain/replicas.ts';
import { comparable, createMemoryPlaylists } from '../memory-playlists.ts';

const [owner, friend, other] = people;
let time = Date.parse('2026-11-23T08:00:00.000Z');
const clock = () => new Date(time);

describe(`PlaylistRepository on ${testDatabaseKind}`, () => {
  let database: Database;
  let client: PrismaClient;
  let playlists: PlaylistRepository;
  let editor: ReturnType<typeof createEditor>;
  beforeAll(async () => {
    database = await openTestDatabase('playlists');
    client = openPrismaClient(database);
    playlists = createPrismaPlaylistRepository(client);
    editor = createEditor(playlists, { replica: 'r0', clock });
  });
  afterAll(async () => {
    await client.$disconnect();
    await database.close();
  });

  const readState = (id: string): Promise<PlaylistState | null> =>
    client.$transaction(async (tx) => {
      const locked = await lockPlaylist(tx, id);
      const rows = await tx.playlistItem.findMany({ where: { playlistId: id }, select: { id: true } });
      const items = await readItemStates(
        tx,
        id,
        rows.map((row) => row.id),
      );
      return locked && { ...locked.state, items };
    });
  const readPage = async (id: string, page = {}) => {
    const all = { limit: 100, direction: 'forward', after: null, before: null, ...page } as const;
    return (await playlists.findItemPages(all, [id]))[0];
  };
  const order = async (id: string) => (await readPage(id))?.rows.map((item) => item.id);
  const request = (id: string, viewerId: string = owner) => ({
    operationId: newUuid(),
    viewerId,
    playlistId: id,
    ifSnapshot: null,
  });
  const makePlaylist = async (tracks = 3) => {
    const { playlistId: id, itemIds } = await editor.create({
      operationId: newUuid(),
      viewerId: owner,
      name: 'Sunday',
      description: null,
      privacy: 'PUBLIC',
      trackIds: Array.from({ length: tracks }, (_, index) => uuid(1, index)),
    });
    return { id, itemIds };
  };

  it('comes to the same as the model on random histories', async () => {
    let played = 0;
    await fc.assert(
      fc.asyncProperty(randomSteps(40), async (steps) => {
        // Both replicas keep one playlist, so each history begins with none.
        for (const table of ['playlists', 'playlist_items', 'collaborators', 'operations'])
          await client.$executeRawUnsafe(`DELETE FROM playlists.${table}`);
        const model = createMemoryPlaylists();
        const away = createMemoryPlaylists();
        const editors = [
          createEditor(model, { replica: 'r0', clock }),
          editor,
          createEditor(away, { replica: 'r1', clock }),
        ] as const;
        const sent: Edit[] = [];
        const send = async (edit: Edit, where: number) => {
          if (where % 3 === 0) return void (await edit(editors[2]));
          expect(await edit(editors[1])).toEqual(await edit(editors[0]));
        };
        await send(create, 1);
        for (const [index, step] of steps.entries()) {
          if (step.type === 'edit') {
            sent.push(toEdit(step.edit, index + 1, writeSnapshot(model.state(playlistId).revisions)));
            await send(sent.at(-1) as Edit, step.replica);
          } else if (step.type === 'repeat') {
            await send(sent[step.of % sent.length] ?? create, step.replica);
          } else if (step.to % 2) {
            await away.merge(model.operations);
          } else {
            time += 1;
            const given = step.which.flatMap(
              (which) => away.operations[which % away.operations.length] ?? [],
            );
            await model.merge(given);
            await playlists.merge(given);
          }
        }
        const state = (await readState(playlistId)) as PlaylistState;
        expect(comparable(state)).toEqual(comparable(model.state(playlistId)));
        expect(await order(playlistId)).toEqual(model.order(playlistId));
        const [row] = await client.playlist.findMany({ where: { id: playlistId } });
        expect(row?.itemCount).toBe(model.order(playlistId).length);
        played += model.operations.length;
      }),
      { numRuns: 12 },
    );
    expect(played).toBeGreaterThan(50);
  });

  it('merges many edits of one playlist at once, one after the other', async () => {
    const { id } = await makePlaylist(0);
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        editor.addItems({ ...request(id), trackIds: [uuid(1, index)], place: { at: 'START' } }),
      ),
    );
    expect(answers.every(({ accepted }) => accepted)).toBe(true);
    expect(await order(id)).toHaveLength(12);
    expect((await readState(id))?.revisions).toEqual({ r0: 13 });
  });

  it('takes an operation once, however many times it comes at once', async () => {
    const { id } = await makePlaylist(0);
    const edit = { ...request(id), trackIds: [uuid(1, 1), uuid(1, 2)], place: { at: 'END' } as const };
    const answers = await Promise.all(Array.from({ length: 6 }, () => editor.addItems(edit)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await order(id)).toEqual(answers[0]?.itemIds);
    const again = await editor.addItems({ ...edit, trackIds: [uuid(1, 3)] });
    expect(again).toMatchObject({ accepted: false, problems: [{ code: 'OPERATION_ID_REUSED' }] });
  });

  it('takes an id for one of two playlists only', async () => {
    const [first, second] = [await makePlaylist(0), await makePlaylist(0)];
    const operationId = newUuid();
    const answers = await Promise.all(
      [first.id, second.id].map((id) => editor.rename({ ...request(id), operationId, name: 'Monday' })),
    );
    expect(answers.filter(({ accepted }) => accepted)).toHaveLength(1);
    expect(answers.flatMap(({ problems }) => problems)).toMatchObject([{ code: 'OPERATION_ID_REUSED' }]);
  });

  it('leaves nothing behind of a playlist that was not created', async () => {
    const operationId = newUuid();
    const input = {
      operationId,
      viewerId: owner,
      description: null,
      privacy: 'PUBLIC',
      trackIds: [],
    } as const;
    const { playlistId: id, accepted } = await editor.create({ ...input, name: ' ' });
    expect(accepted).toBe(false);
    expect(await client.playlist.findMany({ where: { id } })).toEqual([]);
  });

  it('remembers what came before its add', async () => {
    const { id } = await makePlaylist(3);
    const away = createMemoryPlaylists();
    const early = operationIdOf(500);
    const added = createEditor(away, { replica: 'r9', clock });
    const [playlist] = await client.operation.findMany({ where: { playlistId: id } });
    await away.merge([await lockAndFind(playlist?.id as string, id)]);
    const { itemIds } = await added.addItems({
      ...request(id),
      operationId: early,
      trackIds: [uuid(1, 7), uuid(1, 8)],
      place: { at: 'END' },
    });
    const [gone, moved] = itemIds as [string, string];
    await editor.removeItems({ ...request(id), itemIds: [gone] });
    time += 1_000;
    await editor.moveItems({ ...request(id), itemIds: [moved], place: { at: 'START' } });
    expect(await order(id)).toHaveLength(3);
    await playlists.merge(away.operations);
    expect(await order(id)).toHaveLength(4);
    expect((await order(id))?.[0]).toBe(moved);
  });

  const lockAndFind = (operationId: string, id: string): Promise<Operation> =>
    playlists.change(id, { begins: false }, async (locked) => ({
      operation: null,
      result: (await locked?.findOperation(operationId)) as Operation,
    }));

  it('keeps to itself what came before the playlist', async () => {
    const away = createMemoryPlaylists();
    const elsewhere = createEditor(away, { replica: 'r8', clock });
    const { playlistId: id } = await elsewhere.create({
      operationId: newUuid(),
      viewerId: owner,
      name: 'Late',
      description: null,
      privacy: 'PUBLIC',
      trackIds: [],
    });
    await elsewhere.addItems({ ...request(id), trackIds: [uuid(1, 1)], place: { at: 'END' } });
    const [created, added] = away.operations as [Operation, Operation];
    await playlists.merge([added]);
    expect(await playlists.findByIds([id], owner)).toEqual([]);
    expect(await editor.rename({ ...request(id), name: 'Mine' })).toMatchObject({
      accepted: false,
      problems: [{ code: 'NOT_FOUND' }],
    });
    await playlists.merge([created, added]);
    expect(await playlists.findByIds([id], owner)).toMatchObject([
      { name: 'Late', itemCount: 1, role: 'OWNER' },
    ]);
  });

  it('tells the role of who asks', async () => {
    const { id } = await makePlaylist(0);
    await editor.addCollaborator({ ...request(id), userId: friend });
    const roles = await Promise.all(
      [owner, friend, other, null].map(
        async (viewerId) => (await playlists.findByIds([id], viewerId))[0]?.role,
      ),
    );
    expect(roles).toEqual(['OWNER', 'COLLABORATOR', 'STRANGER', 'STRANGER']);
    expect(await playlists.findCollaborators([id])).toEqual(new Map([[id, [friend]]]));
    await editor.removeCollaborator({ ...request(id, friend), userId: friend });
    expect(await playlists.findCollaborators([id])).toEqual(new Map());
  });

  it('pages in both directions, by position', async () => {
    const { id, itemIds } = await makePlaylist(5);
    const key = (index: number, rows: readonly { position: string; id: string }[]) =>
      [rows[index]?.position as string, rows[index]?.id as string] as const;
    const all = (await readPage(id))?.rows ?? [];
    const ids = async (page: object) => {
      const slice = await readPage(id, page);
      return [slice?.rows.map((item) => item.id), slice?.hasRowsAtAfter, slice?.hasRowsAtBefore];
    };
    expect(await ids({ limit: 2 })).toEqual([itemIds.slice(0, 3), false, false]);
    expect(await ids({ limit: 2, after: key(1, all) })).toEqual([itemIds.slice(2, 5), true, false]);
    expect(await ids({ limit: 2, direction: 'backward' })).toEqual([
      itemIds.slice(2).toReversed(),
      false,
      false,
    ]);
    expect(await ids({ limit: 5, direction: 'backward', before: key(2, all) })).toEqual([
      itemIds.slice(0, 2).toReversed(),
      false,
      true,
    ]);
    expect(await ids({ limit: 5, after: key(0, all), before: key(3, all) })).toEqual([
      itemIds.slice(1, 3),
      true,
      true,
    ]);
  });

  it('finds the first different albums', async () => {
    const albums = [1, 1, 2, null, 3, 1, 4, 5];
    const withAlbums = createEditor(playlists, {
      replica: 'r0',
      clock,
      findTracks: async (trackIds) => ({
        found: trackIds.map((trackId, index) => {
          const album = albums[index];
          return { index, trackId, albumId: album ? uuid(2, album) : null };
        }),
        problems: [],
      }),
    });
    const { id } = await makePlaylist(0);
    const trackIds = albums.map((_, index) => uuid(1, index));
    await withAlbums.addItems({ ...request(id), trackIds, place: { at: 'END' } });
    const empty = await makePlaylist(0);
    expect(await playlists.findCoverAlbums([id, empty.id])).toEqual(
      new Map([
        [id, [1, 2, 3, 4].map((album) => uuid(2, album))],
        [empty.id, []],
      ]),
    );
  });

  it('reads a page of items of 100 playlists in one statement, from one index', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => makePlaylist(3)));
    const before = database.statements.count();
    const page = { limit: 2, direction: 'forward', after: null, before: null } as const;
    const slices = await playlists.findItemPages(
      page,
      made.map(({ id }) => id),
    );
    expect(slices.map(({ rows }) => rows.length)).toEqual(made.map(() => 3));
    expect(database.statements.count() - before).toBe(1);
  });
});
