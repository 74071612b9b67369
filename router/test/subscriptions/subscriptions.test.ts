import { describe, expect, it } from 'vitest';
import { ids } from '../stub-subgraphs.ts';
import { openLiveRouter } from './open-stream.ts';

const { links, open } = await openLiveRouter();

const query = `subscription ($id: ID!, $after: String) {
  playlistChanged(id: $id, after: $after) {
    kind cursor
    playlist { name owner { displayName } items(first: 1) { nodes { track { title playCount } } } }
  }
}`;

const event = (kind: string, cursor: string, name = 'Mine') => ({
  playlistChanged: {
    kind,
    cursor,
    playlist: {
      name,
      owner: { __typename: 'User', id: ids.user },
      items: { nodes: [{ track: { __typename: 'Track', id: ids.track } }] },
    },
  },
});

describe('a subscription', () => {
  it('is completed across subgraphs, event by event', async () => {
    const { playlists } = links;
    const opening = open(query, { variables: { id: ids.playlist } });
    const upstream = await playlists.stream(0);
    upstream.accept();
    const client = await opening;
    upstream.push(event('STARTED', 'c1'), 'c1');
    expect(await client.next()).toEqual({
      data: {
        playlistChanged: {
          kind: 'STARTED',
          cursor: 'c1',
          playlist: {
            name: 'Mine',
            owner: { displayName: 'Me' },
            items: { nodes: [{ track: { title: 'One', playCount: 3_000_000_000 } }] },
          },
        },
      },
    });
    upstream.push(event('CHANGED', 'c2', 'Ours'), 'c2');
    expect((await client.next()).data.playlistChanged).toMatchObject({
      kind: 'CHANGED',
      playlist: { name: 'Ours', owner: { displayName: 'Me' } },
    });
    client.close();
    await upstream.whenLeft;
  });
});
