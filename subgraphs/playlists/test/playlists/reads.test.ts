import { encodeId } from '@medley/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  albumIdOf,
  createPlaylist,
  newOperationId,
  openReplica,
  type Person,
  type PlaylistAnswer,
  type Replica,
  trackId,
} from './open-replica.ts';

const service = { actor: { kind: 'service', id: 'search' } } as const;

describe('reading playlists', () => {
  let replica: Replica;
  let owner: Person;
  const playlists: PlaylistAnswer[] = [];
  beforeAll(async () => {
    replica = await openReplica();
    owner = replica.signIn(1);
    for (let number = 0; number < 100; number++) {
      replica.world.albumOf.set(trackId(number), albumIdOf(number % 7));
    }
    for (let number = 0; number < 20; number++)
      playlists.push(
        await createPlaylist(owner, [number, number + 1, number + 7, number + 2, number + 3, number + 4]),
      );
    const many = Array.from({ length: 100 }, (_, number) => trackId(number));
    await owner.edit('ItemsAdd', { playlistId: playlists[0]?.id, trackIds: many });
    await owner.edit('CollaboratorAdd', { playlistId: playlists[1]?.id, userId: replica.signIn(2).id });
  });
  afterAll(() => replica.close());

  async function count<Data>(query: string, variables = {}, ask = owner.ask) {
    const before = replica.database.statements.count();
    const { data, errors } = await ask<Data>(query, variables);
    expect(errors).toBeUndefined();
    return { data, statements: replica.database.statements.count() - before };
  }

  const all = `{ id name owner { id } collaborators { id } coverAlbums { id } snapshotId itemCount followerCount viewerCanEdit
    items(first: 100) { edges { cursor node { id track { id } addedBy { id } } } pageInfo { hasNextPage } } }`;
  const entities = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Playlist ${all} } }`;
  const references = (some: readonly PlaylistAnswer[]) => ({
    of: some.map(({ id }) => ({ __typename: 'Playlist', id })),
  });

  it('takes as many statements for 20 playlists with 100 items each as for one', async () => {
    const one = await count(entities, references(playlists.slice(0, 1)));
    const twenty = await count(entities, references(playlists));
    // The playlists, their collaborators, covers and pages.
    expect([one.statements, twenty.statements]).toEqual([4, 4]);
  });

  it('takes no statement for what is not selected', async () => {
    const [{ id } = { id: '' }] = playlists;
    expect(
      (await count('query ($id: ID!) { playlist(id: $id) { id name itemCount } }', { id })).statements,
    ).toBe(1);
  });

  it('shows the first different albums, at most four', async () => {
    const { data } = await count<{ playlist: { coverAlbums: { id: string }[] } }>(
      'query ($id: ID!) { playlist(id: $id) { coverAlbums { id } } }',
      { id: playlists[2]?.id },
    );
    expect(data.playlist.coverAlbums.map(({ id }) => id)).toEqual([2, 3, 4, 5].map(albumIdOf));
  });

  it('pages through the items in both directions', async () => {
    const id = playlists[0]?.id;
    const page = async (given: string) => {
      const { data } = await count<{
        playlist: { items: { nodes: { id: string }[]; pageInfo: Record<string, unknown> } };
      }>(
        `query ($id: ID!) { playlist(id: $id) { items(${given}) { nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`,
        { id },
      );
      return data.playlist.items;
    };
    const seen: string[] = [];
    for (let after = '', more = true; more; ) {
      const { nodes, pageInfo } = await page(`first: 30${after && `, after: "${after}"`}`);
      seen.push(...nodes.map((item) => item.id));
      after = String(pageInfo.endCursor);
      more = pageInfo.hasNextPage === true;
    }
    expect([seen.length, new Set(seen).size]).toEqual([106, 106]);
    const end = await page('last: 40');
    expect(end.nodes.map((item) => item.id)).toEqual(seen.slice(-40));
    expect(end.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    const before = await page(`last: 100, before: "${end.pageInfo.startCursor}"`);
    expect(before.nodes.map((item) => item.id)).toEqual(seen.slice(0, -40));
  });

  it('refuses the cursor of another playlist', async () => {
    const [a, b] = playlists;
    const cursorOf = 'query ($id: ID!) { playlist(id: $id) { items(first: 1) { pageInfo { endCursor } } } }';
    const { data } = await count<{ playlist: { items: { pageInfo: { endCursor: string } } } }>(cursorOf, {
      id: a?.id,
    });
    const { errors } = await owner.ask(
      'query ($id: ID!, $after: String) { playlist(id: $id) { items(first: 1, after: $after) { nodes { id } } } }',
      { id: b?.id, after: data.playlist.items.pageInfo.endCursor },
    );
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('gives null for what is unknown, and an error for what is no id of a playlist', async () => {
    const query = 'query ($id: ID!) { playlist(id: $id) { id } }';
    const unknown = await owner.ask(query, { id: encodeId('playlist', newOperationId()) });
    expect(unknown.data).toEqual({ playlist: null });
    const { errors } = await owner.ask(query, { id: trackId(1) });
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  describe('for services', () => {
    const since = `query ($id: ID!, $first: Int!) { playlistChangesSince(id: $id, first: $first) { id key time } }`;
    type Changes = { playlistChangesSince: { id: string; key: string; time: string }[] };

    it('tells of each change, and of public playlists only as they are now', async () => {
      const last = await replica.ask<{ playlistLastChange: string }>('{ playlistLastChange }', {}, service);
      const shown = await createPlaylist(owner, [], { name: 'Shown', description: 'To all' });
      const hidden = await createPlaylist(owner, [], { privacy: 'UNLISTED' });
      const deleted = await createPlaylist(owner);
      await owner.edit('Delete', { playlistId: deleted.id });
      const { data } = await replica.ask<Changes>(
        since,
        { id: last.data.playlistLastChange, first: 100 },
        service,
      );
      const changed = data.playlistChangesSince.map(({ key }) => key);
      expect(changed).toEqual([shown.id, hidden.id, deleted.id, deleted.id]);
      const found = await replica.ask<{ publicPlaylists: unknown[] }>(
        'query ($ids: [ID!]!) { publicPlaylists(ids: $ids) { id name description followerCount } }',
        { ids: [hidden.id, shown.id, deleted.id] },
        service,
      );
      expect(found.data.publicPlaylists).toEqual([
        null,
        { id: shown.id, name: 'Shown', description: 'To all', followerCount: 0 },
        null,
      ]);
    });

    async function pageAfter(id: string | null): Promise<string[]> {
      const { data } = await replica.ask<{ publicPlaylistsAfter: { id: string }[] }>(
        'query ($id: ID) { publicPlaylistsAfter(id: $id, first: 7) { id } }',
        { id },
        service,
      );
      return data.publicPlaylistsAfter.map((playlist) => playlist.id);
    }

    it('pages through all changes and all public playlists, each once', async () => {
      const changes: string[] = [];
      for (let id = '0'; ; ) {
        const { data } = await replica.ask<Changes>(since, { id, first: 7 }, service);
        const last = data.playlistChangesSince.at(-1);
        if (!last) break;
        changes.push(...data.playlistChangesSince.map((change) => change.id));
        id = last.id;
      }
      expect(new Set(changes).size).toBe(changes.length);
      const ids: string[] = [];
      for (let page: string[] = []; ; ids.push(...page)) {
        page = await pageAfter(ids.at(-1) ?? null);
        if (page.length === 0) break;
      }
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).toEqual(expect.arrayContaining(playlists.map(({ id }) => id)));
    });

    it.each([
      '{ playlistLastChange }',
      '{ playlistChangesSince(id: "0") { id } }',
      '{ playlistOperationsSince(id: "0") { id } }',
      '{ publicPlaylists(ids: []) { id } }',
      '{ publicPlaylistsAfter { id } }',
    ])('%s is refused to people', async (query) => {
      const { errors } = await owner.ask(query);
      expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    });

    it.each([
      ['{ playlistChangesSince(id: "abc") { id } }', 'id must be the id of a change or 0'],
      ['{ playlistChangesSince(id: "0", first: 1001) { id } }', 'first must be 1..1000'],
    ])('%s is refused by name', async (query, message) => {
      const { errors } = await replica.ask(query, {}, service);
      expect(errors?.[0]?.message).toContain(message);
    });
  });
});
