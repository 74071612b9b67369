import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleLandmarkArtistId } from '@medley/catalog/sample/landmarks';
import { createRouter, type Router } from '@medley/router';
import { readOperations, readSupergraphSdl } from '@medley/schema';
import type { Indexing } from '@medley/search';
import { createLogger, createMetrics } from '@medley/service';
import type { LiveSubgraphLink } from '@medley/subgraph-link';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLog } from '../../src/event-log.ts';
import { createPersonaDesk } from '../../src/personas.ts';
import { openRows, type Rows } from '../../src/rows.ts';
import { readOrCreateSecrets } from '../../src/secrets.ts';
import { openSubgraphs } from '../../src/subgraphs.ts';
import { createTeardown } from '../../src/teardown.ts';
import { quietScreen } from './start.ts';

// The whole service but its HTTP servers and what runs by itself, so that whatever is counted was asked for.
const logger = createLogger('test', 'silent');
const teardown = createTeardown();
let rows: Rows;
let router: Router;
let viewer: string;
let indexing: Indexing;
let calls: string[] = [];

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'medley-costs-'));
  teardown.add(() => rm(folder, { recursive: true }));
  rows = await openRows(folder, quietScreen);
  teardown.add(() => rows.close());
  const eventLog = await openLog(folder, logger);
  teardown.add(() => eventLog.close());
  const secrets = await readOrCreateSecrets(folder);
  const personas = createPersonaDesk(rows.users, secrets.jwtSigningKeys);
  await personas.seed();
  const metrics = createMetrics();
  const { links, identityKeys, ...opened } = await openSubgraphs({
    folder,
    rows,
    eventLog,
    secrets,
    personas,
    edgeUrl: 'http://localhost:4100',
    screen: quietScreen,
    logger,
    metrics,
    teardown,
  });
  indexing = opened.indexing;
  const counted = (name: string, link: LiveSubgraphLink): LiveSubgraphLink => ({
    ...link,
    send(request) {
      calls.push(name);
      return link.send(request);
    },
  });
  const [persona] = await personas.issue(['premium-us']);
  viewer = persona?.userId ?? '';
  router = await createRouter({
    supergraphSdl: readSupergraphSdl(),
    links: Object.fromEntries(
      Object.entries(links).map(([name, link]) => [name, counted(name, link)]),
    ) as typeof links,
    identityKeys,
    verifyCredential: async () => ({
      actor: { kind: 'viewer', id: viewer, sessionId: 'session_0000000000000000000000000000', scopes: [] },
      country: 'US',
      explicit: true,
    }),
    geo: { countryOf: () => 'US' },
    logger,
    metrics,
  });
  teardown.add(() => router.stop());
}, 180_000);
afterAll(() => teardown.run());

async function ask(query: string, variables: object) {
  const response = await router.execute({
    body: { query, variables },
    requestId: 'test',
    authorization: 'Bearer premium-us',
    address: '192.0.2.1',
  });
  return JSON.parse(response.body);
}

/** A playlist of the viewer with this many tracks of the sample catalog. */
async function createPlaylist(size: number): Promise<string> {
  const found = await rows.pglite.query<{ id: string }>(
    `SELECT id FROM catalog.tracks WHERE withdrawn_at IS NULL ORDER BY popularity DESC, id LIMIT ${size}`,
  );
  const { encodeId, newUuid } = await import('@medley/ids');
  const trackIds = found.rows.map(({ id }) => encodeId('track', id));
  const { data } = await ask(
    'mutation ($input: PlaylistCreateInput!) { playlistCreate(input: $input) { playlist { id } userErrors { code message } } }',
    { input: { operationId: newUuid(), name: `${size} tracks`, trackIds } },
  );
  expect(data.playlistCreate.userErrors).toEqual([]);
  return data.playlistCreate.playlist.id;
}

const page = readOperations().find(({ name }) => name === 'PlaylistPage')?.source ?? '';

/** What one page of a playlist costs, and how many items it shows. */
async function costOf(id: string) {
  calls = [];
  const before = rows.statements.count();
  const { data, errors } = await ask(page, { id, first: 100 });
  expect(errors).toBeUndefined();
  const items = data.playlist.items.nodes;
  for (const { track } of items) {
    expect(track.artists.length).toBeGreaterThan(0);
    expect(track.playability).not.toBeNull();
    expect(typeof track.viewerHasSaved).toBe('boolean');
  }
  return { items: items.length, statements: rows.statements.count() - before, calls: [...calls].sort() };
}

it('shows a playlist of 100 items with artists, playability and saved flags at the price of one of 5', async () => {
  const [few, many] = [await createPlaylist(5), await createPlaylist(100)];
  // Whatever is remembered between requests is remembered for both.
  await costOf(many);
  const [small, large] = [await costOf(few), await costOf(many)];
  expect([small.items, large.items]).toEqual([5, 100]);
  expect(large.calls).toEqual(small.calls);
  expect(large.statements).toBe(small.statements);
  expect(large.calls.length).toBeLessThanOrEqual(8);
  expect(large.statements).toBeLessThanOrEqual(20);
});

it('finds ids and titles without a question to the catalog or any database', async () => {
  await indexing.rebuild();
  calls = [];
  const before = rows.statements.count();
  const { data, errors } = await ask(
    '{ search(query: "lumne tide") { topResult { item { __typename ... on Artist { id } } } tracks(first: 3) { edges { title node { id } } } } searchSuggestions(prefix: "eve") { text } }',
    {},
  );
  expect(errors).toBeUndefined();
  expect(data.search.topResult.item).toEqual({ __typename: 'Artist', id: sampleLandmarkArtistId });
  expect(data.search.tracks.edges).toHaveLength(3);
  expect(data.searchSuggestions[0].text).toBe('Everywhere at Once');
  expect(calls).toEqual(['search']);
  expect(rows.statements.count()).toBe(before);
});
