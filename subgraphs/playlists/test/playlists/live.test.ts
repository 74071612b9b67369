import { playlistsChanged } from '@medley/events';
import { decodeId, encodeId, itemUuidOf } from '@medley/ids';
import { createMetrics } from '@medley/service';
import { silentLogger, type TestStream } from '@medley/testing';
import { openTestEventLog, type TestEventLog } from '@medley/testing/event-log';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openPrismaClient, type PrismaClient } from '../../src/adapters/prisma-client.ts';
import { startRelays } from '../../src/app.ts';
import {
  createPlaylist,
  newOperationId,
  openReplica,
  type Person,
  type Replica,
  trackId,
  tracksOf,
} from './open-replica.ts';

const follow = `subscription ($id: ID!, $after: String) {
  playlistChanged(id: $id, after: $after) {
    kind cursor
    playlist { id name snapshotId itemCount items(first: 100) { nodes { id track { id } } } }
    edits { operationId kind by { id } at itemIds }
  }
}`;
interface Told {
  playlistChanged: {
    kind: string;
    cursor: string;
    playlist: {
      name: string;
      snapshotId: string;
      itemCount: number;
      items: { nodes: { id: string; track: { id: string } }[] };
    };
    edits: {
      operationId: string;
      kind: string;
      by: { id: string } | null;
      at: string;
      itemIds: string[];
    }[];
  };
}

describe('following a playlist', () => {
  let events: TestEventLog;
  let replica: Replica;
  let client: PrismaClient;
  let owner: Person;
  let friend: Person;
  let stranger: Person;
  const streams: TestStream<unknown>[] = [];
  beforeAll(async () => {
    events = await openTestEventLog();
    await events.log.admin.ensureTopics([playlistsChanged]);
    replica = await openReplica('test', { log: events.log });
    client = openPrismaClient(replica.database);
    [owner, friend, stranger] = [replica.signIn(1), replica.signIn(2), replica.signIn(3)];
  });
  afterAll(async () => {
    await client.$disconnect();
    await replica.close();
    await events.close();
  });
  beforeEach(() => {
    replica.world.now += 1_000;
  });
  afterEach(() => {
    for (const stream of streams.splice(0)) stream.stop();
  });

  /** @param by somebody; nobody who is signed in unless told otherwise */
  async function begin(id: string, after?: string, by: Pick<Person, 'subscribe'> = replica) {
    const stream = await by.subscribe<Told>(follow, { id, after });
    streams.push(stream);
    return stream;
  }
  async function tell(stream: TestStream<Told>) {
    const event = await stream.next();
    if (!event) throw new Error('the stream has ended');
    expect(event.errors).toBeUndefined();
    expect(event.cursor).toBe(event.data.playlistChanged.cursor);
    return { ...event.data.playlistChanged, replaces: event.replaces };
  }
  const add = (id: string, tracks: readonly number[], by = owner) =>
    by.edit('ItemsAdd', { playlistId: id, trackIds: tracks.map(trackId) });

  it('begins with how it is, and goes on with each edit: what was done, by whom, when, and how it is then', async () => {
    const { id, snapshotId } = await createPlaylist(owner, [1]);
    const stream = await begin(id);
    const started = await tell(stream);
    expect(started).toMatchObject({ kind: 'STARTED', edits: [], replaces: true });
    expect(started.playlist.snapshotId).toBe(snapshotId);

    await owner.edit('CollaboratorAdd', { playlistId: id, userId: friend.id });
    expect((await tell(stream)).edits).toMatchObject([{ kind: 'COLLABORATOR_ADDED', itemIds: [] }]);

    const operationId = newOperationId();
    const { snapshotId: then } = await friend.edit('ItemsAdd', {
      ...{ operationId, playlistId: id },
      trackIds: [trackId(7), trackId(8)],
    });
    const added = await tell(stream);
    expect(added).toMatchObject({ kind: 'CHANGED', replaces: false });
    expect(added.edits).toEqual([
      {
        ...{ operationId, kind: 'ITEMS_ADDED', by: { id: friend.id } },
        at: new Date(replica.world.now).toISOString(),
        itemIds: [0, 1].map((index) => encodeId('item', itemUuidOf(operationId, index))),
      },
    ]);
    expect(tracksOf(added.playlist as never)).toEqual([1, 7, 8]);
    expect(added.playlist).toMatchObject({ snapshotId: then, itemCount: 3 });
  });

  it('names each kind of edit', async () => {
    const { id, items } = await createPlaylist(owner, [1, 2]);
    const [first] = items.nodes.map((item) => item.id);
    const stream = await begin(id);
    const { playlist } = await tell(stream);
    const of = (input: object) => ({ playlistId: id, ...input });
    await owner.edit('Rename', of({ name: 'Monday' }));
    await owner.edit('Describe', of({ description: 'quiet' }));
    await owner.edit('PrivacySet', of({ privacy: 'UNLISTED' }));
    await owner.edit('CollaboratorAdd', of({ userId: friend.id }));
    await owner.edit('CollaboratorRemove', of({ userId: friend.id }));
    await owner.edit('ItemsMove', of({ itemIds: [first], place: { at: 'END' } }));
    await owner.edit('ItemsRemove', of({ itemIds: [first] }));
    await owner.edit('ItemsReplace', of({ trackIds: [trackId(5)], seenSnapshot: playlist.snapshotId }));
    const { edits } = await tell(stream);
    expect(edits.map(({ kind, itemIds }) => [kind, itemIds.length])).toEqual([
      ['RENAMED', 0],
      ['DESCRIBED', 0],
      ['PRIVACY_CHANGED', 0],
      ['COLLABORATOR_ADDED', 0],
      ['COLLABORATOR_REMOVED', 0],
      ['ITEMS_MOVED', 1],
      ['ITEMS_REMOVED', 1],
      ['ITEMS_REPLACED', 2],
    ]);
    expect(new Set(edits.map(({ by }) => by?.id))).toEqual(new Set([owner.id]));
  });

  it('tells who is busy in one event what was done meanwhile, and what was refused or repeated to nobody', async () => {
    const { id } = await createPlaylist(owner);
    const stream = await begin(id);
    await tell(stream);
    const operationId = newOperationId();
    const input = { operationId, playlistId: id, trackIds: [trackId(1)] };
    await owner.edit('ItemsAdd', input);
    await owner.edit('ItemsAdd', input);
    await stranger.edit('ItemsAdd', { ...input, operationId: newOperationId() });
    await owner.edit('Rename', { playlistId: id, name: 'Monday' });
    expect((await tell(stream)).edits.map(({ kind }) => kind)).toEqual(['ITEMS_ADDED', 'RENAMED']);
    await add(id, [2]);
    expect((await tell(stream)).edits).toHaveLength(1);
  });

  it('goes on after a cursor with what came since, and with nothing where nothing came', async () => {
    const { id } = await createPlaylist(owner);
    const first = await begin(id);
    const { cursor } = await tell(first);
    first.stop();
    expect(await first.next()).toBeNull();
    const operations = [newOperationId(), newOperationId()];
    for (const operationId of operations)
      await owner.edit('ItemsAdd', { operationId, playlistId: id, trackIds: [trackId(1)] });
    const missed = await tell(await begin(id, cursor));
    expect(missed.kind).toBe('CHANGED');
    expect(missed.edits.map(({ operationId }) => operationId)).toEqual(operations);

    const again = await begin(id, missed.cursor);
    const next = tell(again);
    await owner.edit('Rename', { playlistId: id, name: 'Monday' });
    expect((await next).edits.map(({ kind }) => kind)).toEqual(['RENAMED']);
    // Whoever has got as far has the same cursor.
    expect((await tell(await begin(id))).cursor).toBe((await tell(await begin(id, missed.cursor))).cursor);
  });

  it('says that there is a gap when more than a hundred edits were missed', async () => {
    const { id } = await createPlaylist(owner);
    const before = await tell(await begin(id));
    const [created] = await client.operation.findMany({ where: { playlistId: decodeId(id, 'playlist') } });
    await client.operation.createMany({
      data: Array.from({ length: 100 }, (_, number) => ({
        ...{ ...created, seq: undefined, xid: undefined },
        ...{ id: newOperationId(), type: 'RENAME', revision: number + 2 },
        data: { change: { type: 'RENAME', name: `Name ${number}` }, problems: [] },
      })) as never,
    });
    const revisions = { test: 101 };
    await client.playlist.update({ where: { id: decodeId(id, 'playlist') }, data: { revisions } });
    const hundred = await tell(await begin(id, before.cursor));
    expect(hundred.edits).toHaveLength(100);
    await owner.edit('Rename', { playlistId: id, name: 'The last' });
    const gap = await tell(await begin(id, before.cursor));
    expect(gap).toMatchObject({ kind: 'GAP', edits: [], replaces: true, playlist: { name: 'The last' } });
    expect(gap.cursor).not.toBe(hundred.cursor);
  });

  it('says that there is a gap when some of what was missed is forgotten', async () => {
    const { id } = await createPlaylist(owner);
    const before = await tell(await begin(id));
    await add(id, [1]);
    const between = await tell(await begin(id));
    await add(id, [2]);
    const playlistId = decodeId(id, 'playlist');
    await client.operation.deleteMany({ where: { playlistId, revision: { lte: 2 } } });
    expect(await tell(await begin(id, before.cursor))).toMatchObject({ kind: 'GAP', edits: [] });
    // Nothing that came later is.
    expect((await tell(await begin(id, between.cursor))).edits).toHaveLength(1);
  });

  it('tells at most a hundred items of what an import did', async () => {
    const { id } = await createPlaylist(owner);
    const stream = await begin(id);
    await tell(stream);
    const items = Array.from({ length: 150 }, (_, number) => ({
      id: itemUuidOf(newOperationId(), 0),
      trackId: decodeId(trackId(number), 'track'),
      albumId: null,
      addedAt: new Date(0),
    }));
    const { outcome } = await replica.repositories.writer.write({
      id: decodeId(id, 'playlist'),
      ownerId: decodeId(owner.id, 'user'),
      ...{ name: 'Sunday', description: null, createdAt: new Date(0), items },
    });
    expect(outcome).toBe('CHANGED');
    replica.notifier.notify([id]);
    const { edits } = await tell(stream);
    expect(edits.map(({ kind, by, itemIds }) => [kind, by, itemIds.length])).toEqual([
      ['ITEMS_ADDED', null, 100],
    ]);
  });

  describe('is for those who may see it', () => {
    const refusedTo = async (by: Pick<Person, 'subscribe'>, id: string) =>
      (await begin(id, undefined, by)).refusal;
    const notFound = [
      expect.objectContaining({ message: 'There is no such playlist.', extensions: { code: 'NOT_FOUND' } }),
    ];
    /** The last that a stream tells. */
    async function ending(stream: TestStream<Told>) {
      const last = await stream.next();
      expect(last).toMatchObject({ data: null, errors: notFound, cursor: undefined });
      expect(await stream.next()).toBeNull();
    }

    it('and the same nothing for others, whether it is unknown, deleted or private', async () => {
      const { id: hidden } = await createPlaylist(owner, [], { privacy: 'PRIVATE' });
      const { id: deleted } = await createPlaylist(owner);
      await owner.edit('Delete', { playlistId: deleted });
      for (const id of [hidden, deleted, encodeId('playlist', newOperationId())])
        for (const by of [stranger, replica]) expect(await refusedTo(by, id)).toEqual(notFound);
      expect((await tell(await begin(hidden, undefined, owner))).kind).toBe('STARTED');
    });

    it('ends when it is deleted', async () => {
      const { id } = await createPlaylist(owner);
      const streamOf = await Promise.all([begin(id), begin(id, undefined, owner)]);
      for (const stream of streamOf) await tell(stream);
      const endings = streamOf.map(ending);
      await owner.edit('Delete', { playlistId: id });
      await Promise.all(endings);
    });

    it('ends for those who may not see it any more when it is made private', async () => {
      const { id } = await createPlaylist(owner);
      await owner.edit('CollaboratorAdd', { playlistId: id, userId: friend.id });
      const [strangers, friends] = [await begin(id), await begin(id, undefined, friend)];
      for (const stream of [strangers, friends]) await tell(stream);
      const ended = ending(strangers);
      await owner.edit('PrivacySet', { playlistId: id, privacy: 'PRIVATE' });
      await ended;
      expect((await tell(friends)).edits).toMatchObject([{ kind: 'PRIVACY_CHANGED' }]);
    });

    it('ends for a collaborator who is removed, and for nobody else', async () => {
      const { id } = await createPlaylist(owner, [], { privacy: 'PRIVATE' });
      for (const { id: userId } of [friend, stranger])
        await owner.edit('CollaboratorAdd', { playlistId: id, userId });
      const [friends, others] = [await begin(id, undefined, friend), await begin(id, undefined, stranger)];
      const { cursor } = await tell(friends);
      await tell(others);
      const ended = ending(friends);
      await owner.edit('CollaboratorRemove', { playlistId: id, userId: friend.id });
      await ended;
      expect((await tell(others)).edits).toMatchObject([{ kind: 'COLLABORATOR_REMOVED' }]);
      expect((await begin(id, cursor, friend)).refusal).toEqual(notFound);
    });
  });

  describe('that one may see again', () => {
    const hiddenAndShown = async (id: string) => {
      await owner.edit('PrivacySet', { playlistId: id, privacy: 'PRIVATE' });
      await add(id, [7]);
      await owner.edit('PrivacySet', { playlistId: id, privacy: 'PUBLIC' });
    };

    it('tells nobody what was done while it was private, whether he was away or busy', async () => {
      const { id } = await createPlaylist(owner);
      const busy = await begin(id);
      const { cursor } = await tell(busy);
      await hiddenAndShown(id);
      const gap = { kind: 'GAP', edits: [], playlist: { itemCount: 1 } };
      expect(await tell(busy)).toMatchObject(gap);
      const [away, owners] = [await begin(id, cursor, stranger), await begin(id, cursor, owner)];
      expect(await tell(away)).toMatchObject(gap);
      expect((await tell(owners)).edits).toHaveLength(3);
      await add(id, [8]);
      for (const stream of [busy, away]) expect((await tell(stream)).edits).toHaveLength(1);
    });

    it('tells a collaborator all of it, who saw it while it was private, and nobody else', async () => {
      const { id } = await createPlaylist(owner);
      await owner.edit('CollaboratorAdd', { playlistId: id, userId: friend.id });
      const { cursor } = await tell(await begin(id, undefined, friend));
      await owner.edit('PrivacySet', { playlistId: id, privacy: 'PRIVATE' });
      await owner.edit('CollaboratorAdd', { playlistId: id, userId: stranger.id });
      expect((await tell(await begin(id, cursor, friend))).edits).toHaveLength(2);
      expect(await tell(await begin(id, cursor, stranger))).toMatchObject({ kind: 'GAP', edits: [] });
    });

    it('tells a collaborator who was removed and is one again nothing of what was done meanwhile', async () => {
      const { id } = await createPlaylist(owner, [], { privacy: 'PRIVATE' });
      const collaborator = { playlistId: id, userId: friend.id };
      await owner.edit('CollaboratorAdd', collaborator);
      const stream = await begin(id, undefined, friend);
      const { cursor } = await tell(stream);
      await owner.edit('CollaboratorRemove', collaborator);
      await add(id, [1]);
      await owner.edit('CollaboratorAdd', collaborator);
      for (const told of [await tell(stream), await tell(await begin(id, cursor, friend))])
        expect(told).toMatchObject({ kind: 'GAP', edits: [], playlist: { itemCount: 1 } });
    });
  });

  it('says that there is a gap when it was restored to what it was before', async () => {
    const { id } = await createPlaylist(owner);
    const stream = await begin(id);
    await tell(stream);
    await add(id, [1]);
    const { cursor, playlist } = await tell(stream);
    expect(playlist.snapshotId).toBe('test-2');
    const playlistId = decodeId(id, 'playlist');
    await client.operation.deleteMany({ where: { playlistId, revision: 2 } });
    await client.playlist.update({ where: { id: playlistId }, data: { revisions: { test: 1 } } });
    replica.notifier.notify([id]);
    for (const told of [await tell(stream), await tell(await begin(id, cursor))])
      expect(told).toMatchObject({ kind: 'GAP', edits: [], playlist: { snapshotId: 'test-1' } });
    await owner.edit('Rename', { playlistId: id, name: 'Once more' });
    expect((await tell(stream)).edits).toMatchObject([{ kind: 'RENAMED' }]);
  });

  it('refuses what is no id of a playlist, and a cursor that was made for something else', async () => {
    const [{ id }, { id: other }] = [await createPlaylist(owner), await createPlaylist(owner)];
    const { cursor } = await tell(await begin(id));
    const refusals = [
      await begin('track_1'),
      await begin(other, cursor),
      await begin(id, `${cursor.slice(0, -1)}${cursor.endsWith('A') ? 'B' : 'A'}`),
      await begin(id, 'x'.repeat(5_000)),
    ].map(({ refusal }) => refusal?.map(({ extensions }) => extensions.code));
    expect(refusals).toEqual(Array.from({ length: 4 }, () => ['BAD_USER_INPUT']));
  });

  it('reads once for all who watch in one process', async () => {
    const { id } = await createPlaylist(owner);
    const { history } = replica.repositories;
    const asked: string[] = [];
    const counted = await replica.openProcess({
      history: {
        async findShared(ids) {
          asked.push(`${ids.length} playlist`);
          return history.findShared(ids);
        },
        async findOperations(range) {
          asked.push('operations');
          return history.findOperations(range);
        },
      },
    });
    const watching = await Promise.all(
      Array.from({ length: 30 }, (_, number) => begin(id, undefined, replica.signInAt(counted)(number))),
    );
    await Promise.all(watching.map(tell));
    const told = Promise.all(watching.map(tell));
    await add(id, [1]);
    asked.length = 0;
    counted.notifier.notify([id]);
    for (const { edits } of await told) expect(edits).toHaveLength(1);
    expect(asked).toEqual(['1 playlist', 'operations']);
  });

  it('waits while the database is away, and goes on', async () => {
    const { id } = await createPlaylist(owner);
    const { history } = replica.repositories;
    let failures = 0;
    const elsewhere = await replica.openProcess({
      history: {
        ...history,
        async findShared(ids) {
          if (failures === 0) return history.findShared(ids);
          failures -= 1;
          throw Object.assign(new Error('no'), { code: 'ECONNREFUSED' });
        },
      },
    });
    const stream = await begin(id, undefined, replica.signInAt(elsewhere)(1));
    await tell(stream);
    const told = tell(stream);
    await add(id, [1]);
    failures = 1;
    elsewhere.notifier.notify([id]);
    await expect.poll(() => failures).toBe(0);
    expect((await told).edits).toHaveLength(1);
  });

  describe('in another process of the region', () => {
    let relays: ReturnType<typeof startRelays>;
    let elsewhere: Awaited<ReturnType<Replica['openProcess']>>;
    beforeAll(async () => {
      elsewhere = await replica.openProcess();
      relays = startRelays({
        ...replica.repositories.relayed,
        log: events.log,
        logger: silentLogger,
        metrics: createMetrics(),
      });
    });
    afterAll(() => relays.stop());
    const at = () => replica.signInAt(elsewhere);

    it('is told of what this one took', async () => {
      const { id } = await createPlaylist(owner);
      const stream = await begin(id, undefined, at()(3));
      await tell(stream);
      const told = tell(stream);
      await add(id, [1]);
      expect((await told).edits).toHaveLength(1);
    });

    it.each([
      ['its collaborator is removed', 'CollaboratorRemove', 'PRIVATE'],
      ['it is made private', 'PrivacySet', 'PUBLIC'],
      ['it is deleted', 'Delete', 'PRIVATE'],
    ] as const)('ends when %s, and is not begun again', async (_, edit, privacy) => {
      const { id } = await createPlaylist(owner, [], { privacy });
      const collaborator = { userId: friend.id };
      if (privacy === 'PRIVATE') await owner.edit('CollaboratorAdd', { playlistId: id, ...collaborator });
      const stream = await begin(id, undefined, at()(2));
      const { cursor } = await tell(stream);
      const ended = stream.next();
      const inputs = { CollaboratorRemove: collaborator, PrivacySet: { privacy: 'PRIVATE' }, Delete: {} };
      await owner.edit(edit, { playlistId: id, ...inputs[edit] });
      const notFound = [{ extensions: { code: 'NOT_FOUND' } }];
      expect(await ended).toMatchObject({ data: null, errors: notFound });
      expect(await stream.next()).toBeNull();
      expect((await begin(id, cursor, at()(2))).refusal).toMatchObject(notFound);
    });

    it('tells a collaborator nothing that was done after he was removed, however close it was', async () => {
      for (let round = 0; round < 10; round += 1) {
        const { id } = await createPlaylist(owner, [], { privacy: 'PRIVATE' });
        await owner.edit('CollaboratorAdd', { playlistId: id, userId: friend.id });
        const stream = await begin(id, undefined, round % 2 === 0 ? friend : at()(2));
        await tell(stream);
        const operationId = newOperationId();
        const edits = [
          () => add(id, [1]),
          () => owner.edit('CollaboratorRemove', { operationId, playlistId: id, userId: friend.id }),
          () => owner.edit('Rename', { playlistId: id, name: 'Without him' }),
        ];
        const editing = Promise.all(edits.map((edit) => edit()));
        const told: string[] = [];
        for (let event = await stream.next(); event?.data; event = await stream.next())
          told.push(...event.data.playlistChanged.edits.map((edit) => edit.operationId));
        await editing;
        const record = await client.operation.findMany({
          where: { playlistId: decodeId(id, 'playlist') },
          orderBy: { seq: 'asc' },
        });
        const ids = record.map((operation) => operation.id);
        for (const each of told) expect(ids.indexOf(each)).toBeLessThan(ids.indexOf(operationId));
      }
    }, 60_000);
  });
});
