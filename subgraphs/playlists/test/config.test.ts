import { readConfig } from '@medley/config';
import { describe, expect, it } from 'vitest';
import { playlistsConfig } from '../src/config.ts';

const keys = `k:${Buffer.alloc(32, 1).toString('base64url')}`;
const environment = {
  DATABASE_URL_PLAYLISTS: 'postgresql://localhost/playlists',
  IDENTITY_KEYS_PLAYLISTS: keys,
  SERVICE_KEYS_PLAYLISTS: keys,
  SERVICE_KEYS_CATALOG: keys,
  SERVICE_KEYS_USERS: keys,
  SERVICE_KEYS_RECOMMENDATIONS: keys,
  SUBGRAPH_URL_CATALOG: 'http://catalog.example/graphql',
  SUBGRAPH_URL_USERS: 'http://users.example/graphql',
  SUBGRAPH_URL_RECOMMENDATIONS: 'http://recommendations.example/graphql',
  CURSOR_KEYS: keys,
};
const read = (more: Record<string, string> = {}) => readConfig(playlistsConfig, { ...environment, ...more });

describe('the environment of playlists', () => {
  it('has one replica unless told otherwise', () => {
    expect(read()).toMatchObject({ PORT: 4004, REPLICA_ID: 'main', PLAYLISTS_PEER_URLS: [] });
    const { REPLICA_ID, PLAYLISTS_PEER_URLS } = read({
      REPLICA_ID: 'eu1',
      PLAYLISTS_PEER_URLS: 'https://us.example/graphql, https://ap.example/graphql',
    });
    expect([REPLICA_ID, PLAYLISTS_PEER_URLS]).toEqual([
      'eu1',
      ['https://us.example/graphql', 'https://ap.example/graphql'],
    ]);
  });

  it.each([
    ['REPLICA_ID', 'EU-1'],
    ['REPLICA_ID', 'a'.repeat(17)],
    ['PLAYLISTS_PEER_URLS', 'us.example'],
    ['SERVICE_KEYS_PLAYLISTS', ''],
    ['DATABASE_URL_PLAYLISTS', ''],
  ])('names %s when it is %j', (name, value) => {
    expect(() => read({ [name]: value })).toThrow(name);
  });
});
