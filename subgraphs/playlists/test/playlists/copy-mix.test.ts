import type { Actor } from '@medley/identity';
import { decodeId, encodeId } from '@medley/ids';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createPlaylist,
  newOperationId,
  openReplica,
  type Person,
  type Replica,
  trackId,
  tracksOf,
} from './open-replica.ts';

const mixUuid = '00000005-0000-4000-8000-000000000001';
const mixId = encodeId('mix', mixUuid);
const mutation = `mutation ($input: PlaylistCreateFromMixInput!) {
  payload: playlistCreateFromMix(input: $input) { playlist { id } }
}`;

describe('a playlist from a mix', () => {
  let replica: Replica;
  let owner: Person;
  let stranger: Person;
  beforeAll(async () => {
    replica = await openReplica();
    [owner, stranger] = [1, 2].map(replica.signIn) as [Person, Person];
  });
  afterAll(() => replica.close());
  beforeEach(() => {
    Object.assign(replica.world, { recommendationsAreAway: false, catalogIsAway: false });
    replica.world.unknownTracks.clear();
    putMix([1, 2, 3]);
  });

  function putMix(tracks: readonly number[], said: { title?: string; description?: string } = {}) {
    replica.world.mixes.set(mixUuid, {
      ...{ title: 'Discover Weekly', description: 'Music that you never played.', ...said },
      trackIds: tracks.map((number) => decodeId(trackId(number), 'track')),
      ownerId: decodeId(owner.id, 'user'),
    });
  }
  const copy = (input = {}, who = owner) => who.edit('CreateFromMix', { mixId, ...input });

  it('holds what the mix holds now, under its title, private unless told otherwise', async () => {
    const { playlist, items, userErrors, snapshotId } = await copy();
    expect(userErrors).toEqual([]);
    expect(playlist).toMatchObject({
      ...{ name: 'Discover Weekly', description: 'Music that you never played.', privacy: 'PRIVATE' },
      ...{ itemCount: 3, snapshotId },
    });
    expect(tracksOf(playlist)).toEqual([1, 2, 3]);
    expect(items?.map(({ track }) => track.id)).toEqual([1, 2, 3].map(trackId));
    putMix([4]);
    expect(tracksOf(await owner.read(playlist?.id as string))).toEqual([1, 2, 3]);
    await owner.edit('ItemsAdd', { playlistId: playlist?.id, trackIds: [trackId(9)] });
    expect(tracksOf(await owner.read(playlist?.id as string))).toEqual([1, 2, 3, 9]);
  });

  it('has the name and the privacy that were asked for', async () => {
    const { playlist } = await copy({ name: '  Found in November ', privacy: 'PUBLIC' });
    expect(playlist).toMatchObject({ name: 'Found in November', privacy: 'PUBLIC' });
    expect((await stranger.read(playlist?.id as string))?.itemCount).toBe(3);
  });

  it.each([
    ['', 'TOO_SHORT'],
    ['x'.repeat(101), 'TOO_LONG'],
  ])('is not made with the name %j', async (name, code) => {
    const { playlist, userErrors } = await copy({ name });
    expect(playlist).toBeNull();
    expect(userErrors).toMatchObject([{ field: ['input', 'name'], code }]);
  });

  it('is made once, however often the operation is sent, also when the mix is another one, gone, or cannot be asked for', async () => {
    const input = { operationId: newOperationId() };
    const first = await copy(input);
    putMix([7, 8]);
    expect(await copy(input)).toEqual(first);
    replica.world.mixes.clear();
    expect(await copy(input)).toEqual(first);
    replica.world.recommendationsAreAway = true;
    expect(await copy(input)).toEqual(first);
    const reused = await copy({ ...input, name: 'Another' });
    expect(reused.userErrors).toMatchObject([{ code: 'OPERATION_ID_REUSED' }]);
  });

  it('is one of several at once that send the same operation', async () => {
    const input = { operationId: newOperationId() };
    const answers = await Promise.all([copy(input), copy(input), copy(input)]);
    expect(new Set(answers.map(({ playlist }) => playlist?.id)).size).toBe(1);
    expect(answers.map(({ playlist }) => playlist?.itemCount)).toEqual([3, 3, 3]);
  });

  it('does not take an operation that created another playlist', async () => {
    const operationId = newOperationId();
    await createPlaylist(owner, [1], { operationId });
    const { userErrors } = await copy({ operationId });
    expect(userErrors).toMatchObject([{ code: 'OPERATION_ID_REUSED' }]);
  });

  it('is not made from an unknown mix, nor from that of another account', async () => {
    const unknown = await copy({ mixId: encodeId('mix', '00000005-0000-4000-8000-00000000000f') });
    const foreign = await copy({}, stranger);
    for (const { playlist, userErrors } of [unknown, foreign]) {
      expect(playlist).toBeNull();
      expect(userErrors).toEqual([
        { field: ['input', 'mixId'], code: 'NOT_FOUND', message: 'There is no such mix.' },
      ]);
    }
    await expect(copy({ mixId: 'playlist_1' })).rejects.toThrow(/input\.mixId/);
  });

  it('leaves out tracks that are gone, and is not made of nothing', async () => {
    replica.world.unknownTracks.add(trackId(2));
    const { playlist, userErrors } = await copy();
    expect(userErrors).toEqual([]);
    expect(tracksOf(playlist)).toEqual([1, 3]);
    putMix([]);
    expect((await copy()).userErrors).toMatchObject([
      { code: 'NOT_FOUND', message: 'Nothing of this mix may be played here.' },
    ]);
  });

  it('has a description that fits, however much there is to say', async () => {
    putMix([1], { description: '🎵'.repeat(400) });
    expect([...((await copy()).playlist?.description ?? '')]).toHaveLength(300);
    putMix([1], { description: ' ' });
    expect((await copy()).playlist?.description).toBeNull();
  });

  it('asks for what the viewer may play', async () => {
    const sessionId = encodeId('session', mixUuid);
    const actor: Actor = { kind: 'viewer', id: owner.id, sessionId, scopes: [] };
    const input = { operationId: newOperationId(), mixId };
    await replica.ask(mutation, { input }, { actor, market: 'SE', explicit: false });
    const ownerId = decodeId(owner.id, 'user');
    expect(replica.world.askedMix).toEqual({ mixId: mixUuid, ownerId, market: 'SE', explicit: false });
  });

  it('is asked for again later when recommendations do not answer, which nothing else waits for', async () => {
    replica.world.recommendationsAreAway = true;
    const { data, errors } = await owner.ask<{ payload: null }>(mutation, {
      input: { operationId: newOperationId(), mixId },
    });
    expect(data.payload).toBeNull();
    expect(errors?.[0]?.extensions?.code).toBe('UPSTREAM_UNAVAILABLE');
    expect(JSON.stringify(errors)).not.toContain('10.0.0.1');
    expect((await owner.edit('Create', { name: 'Still' })).playlist).not.toBeNull();
  });

  it('needs somebody who is signed in', async () => {
    const { errors } = await replica.ask(mutation, { input: { operationId: newOperationId(), mixId } });
    expect(errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
  });
});
