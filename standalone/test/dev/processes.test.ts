import { analyticsConfig } from '@medley/analytics/config';
import { catalogConfig } from '@medley/catalog/config';
import { readConfig } from '@medley/config';
import { edgeConfig } from '@medley/edge/config';
import { originConfig } from '@medley/edge/origin/config';
import { playlistsConfig } from '@medley/playlists/config';
import { recommendationsConfig } from '@medley/recommendations/config';
import { routerConfig } from '@medley/router/config';
import { searchConfig } from '@medley/search/config';
import { streamingConfig } from '@medley/streaming/config';
import { usersConfig } from '@medley/users/config';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { devProcesses } from '../../src/dev/processes.ts';

const keys = `k1:${Buffer.alloc(32, 7).toString('base64url')}`;
const processes = devProcesses({
  ports: {
    router: 4000,
    edge: 4100,
    users: 4001,
    analytics: 4006,
    recommendations: 4007,
    catalog: 4002,
    streaming: 4003,
    playlists: 4004,
    search: 4005,
    origin: 4101,
  },
  secrets: {
    identityKeys: {
      analytics: keys,
      catalog: keys,
      playlists: keys,
      recommendations: keys,
      search: keys,
      streaming: keys,
      users: keys,
    },
    serviceKeys: { analytics: keys, catalog: keys, playlists: keys, recommendations: keys, users: keys },
    urlSigningKeys: keys,
    playbackTokenKeys: keys,
    cursorKeys: keys,
    originSecret: keys,
    jwtSigningKeys: 'a JWK set',
  },
  databaseUrl: 'postgresql://postgres@127.0.0.1:5432/postgres',
  eventLogUrl: 'http://:secret@127.0.0.1:4020',
  dataDir: '.medley',
  issuer: { issuer: 'http://localhost:4000', audience: 'medley' },
});

const shapes: Readonly<Record<string, z.ZodRawShape>> = {
  analytics: analyticsConfig,
  catalog: catalogConfig,
  edge: edgeConfig,
  origin: originConfig,
  playlists: playlistsConfig,
  router: routerConfig,
  recommendations: recommendationsConfig,
  search: searchConfig,
  streaming: streamingConfig,
  users: usersConfig,
};

it('knows the environment of every process', () => {
  expect(processes.map(({ name }) => name).sort()).toEqual(Object.keys(shapes).sort());
});

describe.each(processes)('$name', ({ name, environment }) => {
  const shape = shapes[name] ?? {};
  // Users' main.ts adds one that an adapter parses.
  const names = [...Object.keys(shape), ...(name === 'users' ? ['JWT_SIGNING_KEYS'] : [])];

  it('gets no variable that it does not read', () => {
    expect(Object.keys(environment).filter((given) => !names.includes(given))).toEqual([]);
  });

  it('gets every variable that it requires, in the right form', () => {
    expect(() => readConfig(shape, environment)).not.toThrow();
  });
});
