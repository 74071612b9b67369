import { readConfig } from '@medley/config';
import { describe, expect, it } from 'vitest';
import { streamingConfig } from '../src/config.ts';

const key = `k1:${Buffer.alloc(32, 3).toString('base64url')}`;
const environment = {
  IDENTITY_KEYS_STREAMING: key,
  SERVICE_KEYS_CATALOG: key,
  SERVICE_KEYS_USERS: key,
  SUBGRAPH_URL_CATALOG: 'http://catalog:4001/graphql',
  SUBGRAPH_URL_USERS: 'http://users:4002/graphql',
  URL_SIGNING_KEYS: `${key},k0:${Buffer.alloc(32, 4).toString('base64url')}`,
  PLAYBACK_TOKEN_KEYS: key,
  CURSOR_KEYS: key,
  EDGE_BASE_URL: 'https://edge.example',
  SPOOL_DIR: '/var/lib/medley/spool',
};

describe('the environment', () => {
  it('gives keys, the first of which signs', () => {
    const { URL_SIGNING_KEYS: keys, HOST } = readConfig(streamingConfig, environment);
    expect(keys.current.kid).toBe('k1');
    expect([...keys.byKid.keys()]).toEqual(['k1', 'k0']);
    expect(HOST).toBe('127.0.0.1');
  });

  it('asks for a folder that outlives the process, as plays may wait there, and knows how much', () => {
    const { SPOOL_DIR: _, ...rest } = environment;
    expect(() => readConfig(streamingConfig, rest)).toThrow(/SPOOL_DIR: is required/);
    expect(readConfig(streamingConfig, environment)).toMatchObject({
      SPOOL_MAX_BYTES: 268_435_456,
      DECISION_SAMPLE_GRANTS: 100,
    });
    for (const wrong of [{ SPOOL_MAX_BYTES: '1000' }, { DECISION_SAMPLE_GRANTS: '0' }]) {
      expect(() => readConfig(streamingConfig, { ...environment, ...wrong })).toThrow(Object.keys(wrong)[0]);
    }
  });

  it('names every variable that is missing or wrong, and never a secret', () => {
    const { EDGE_BASE_URL: _, ...rest } = environment;
    const wrong = { ...rest, PLAYBACK_TOKEN_KEYS: 'k1:c2VjcmV0', SUBGRAPH_URL_USERS: 'users' };
    const read = () => readConfig(streamingConfig, wrong);
    expect(read).toThrow(/EDGE_BASE_URL: is required/);
    expect(read).toThrow(/PLAYBACK_TOKEN_KEYS: .*at least 32 bytes/);
    expect(read).toThrow(/SUBGRAPH_URL_USERS/);
    expect(read).not.toThrow(/c2VjcmV0/);
  });
});
