import { readConfig } from '@medley/config';
import { describe, expect, it } from 'vitest';
import { searchConfig } from '../src/config.ts';

const key = `k1:${Buffer.alloc(32, 3).toString('base64url')}`;
const environment = {
  IDENTITY_KEYS_SEARCH: key,
  CURSOR_KEYS: key,
  SERVICE_KEYS_CATALOG: key,
  SERVICE_KEYS_PLAYLISTS: key,
  SUBGRAPH_URL_CATALOG: 'http://catalog:4002/graphql',
  SUBGRAPH_URL_PLAYLISTS: 'http://playlists:4004/graphql',
};

describe('the environment', () => {
  it('is complete with keys and sources: the process then keeps an index of its own, built anew each day', () => {
    expect(readConfig(searchConfig, environment)).toMatchObject({
      PORT: 4005,
      HOST: '127.0.0.1',
      SEARCH_INDEXING: true,
      REBUILD_INTERVAL_HOURS: 24,
    });
  });

  it('may name a Meilisearch, and who keeps its index', () => {
    const meilisearch = { MEILISEARCH_URL: 'http://meilisearch:7700', MEILISEARCH_API_KEY: 'secret' };
    const config = readConfig(searchConfig, {
      ...environment,
      ...meilisearch,
      SEARCH_INDEXING: 'false',
      REBUILD_INTERVAL_HOURS: '0',
    });
    expect(config).toMatchObject({ ...meilisearch, SEARCH_INDEXING: false, REBUILD_INTERVAL_HOURS: 0 });
  });

  it('names every variable that is missing or wrong, and never a secret', () => {
    const { SUBGRAPH_URL_PLAYLISTS: _, ...rest } = environment;
    const wrong = {
      ...rest,
      SEARCH_INDEXING: 'perhaps',
      MEILISEARCH_URL: 'meili',
      CURSOR_KEYS: 'k1:c2VjcmV0',
    };
    const read = () => readConfig(searchConfig, wrong);
    expect(read).toThrow(/SUBGRAPH_URL_PLAYLISTS: is required/);
    expect(read).toThrow(/SEARCH_INDEXING/);
    expect(read).toThrow(/MEILISEARCH_URL: must be an http: or https: URL/);
    expect(read).toThrow(/CURSOR_KEYS: .*at least 32 bytes/);
    expect(read).not.toThrow(/c2VjcmV0/);
  });
});
