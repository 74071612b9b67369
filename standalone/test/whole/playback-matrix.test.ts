import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeId, importedUuid } from '@medley/ids';
import { exampleAddresses } from '@medley/router';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runRemoteCommand } from '../../src/control/client.ts';
import { findHolder } from '../../src/data-folder.ts';
import { startWholeService, type WholeService } from './start.ts';

/**
 * Every cell of (track x market x viewer x quality x path) through the whole service, against an oracle of its own that
 * knows the tracks only by how they were made. What must never happen is a grant that nobody may have.
 */

const qualities = ['LOW', 'MEDIUM', 'NORMAL', 'HIGH', 'LOSSLESS'] as const;
const viewers = {
  anonymous: undefined,
  'free-de': { tier: 'FREE', explicit: true, country: 'DE' },
  'premium-us': { tier: 'PREMIUM', explicit: true, country: 'US' },
  'clean-us': { tier: 'PREMIUM', explicit: false, country: 'US' },
} as const;
const marketSets = [
  [],
  ['DE'],
  ['US'],
  ['BR', 'MX'],
  ['DE', 'FR', 'GB', 'SE'],
  exampleAddresses.flatMap(({ country }) => country ?? []),
];
const releases = ['1999-05-20', '2020', '2093-01'];

interface MadeTrack {
  readonly sourceId: string;
  readonly id: string;
  readonly markets: readonly string[];
  readonly explicit: boolean;
  readonly release: string;
}

const tracks: MadeTrack[] = marketSets.flatMap((markets, set) =>
  [true, false].flatMap((explicit) =>
    releases.flatMap((release) =>
      [0, 1].map((copy) => {
        const sourceId = `made-${set}-${explicit}-${release}-${copy}`;
        return {
          sourceId,
          id: encodeId('track', importedUuid('matrix', 'track', sourceId)),
          markets,
          explicit,
          release,
        };
      }),
    ),
  ),
);
const unknownTrack = encodeId('track', importedUuid('matrix', 'track', 'never made'));

/** What must come out, by the order of the decision: docs/adr/0010-playback-decision.md. */
function expected(
  track: MadeTrack | undefined,
  address: string | null,
  viewer: (typeof viewers)[keyof typeof viewers],
  quality: (typeof qualities)[number],
): string {
  if (!viewer) return 'SignInRequired';
  if (!track) return 'TrackUnavailable';
  if (track.release.startsWith('2093')) return 'TrackUnavailable';
  if (!track.markets.includes(address ?? viewer.country)) return 'MarketRestricted';
  if (track.explicit && !viewer.explicit) return 'ExplicitBlocked';
  if (viewer.tier === 'FREE' && (quality === 'HIGH' || quality === 'LOSSLESS')) return 'TierRequired';
  return 'PlaybackGrant';
}

let service: WholeService;
beforeAll(async () => {
  service = await startWholeService();
  const source = join(service.dataDir, 'matrix.json');
  await writeFile(source, JSON.stringify(tracks.map(toTrackObject)));
  const holder = await findHolder(service.dataDir);
  if (!holder) throw new Error('nobody holds the data');
  const screen = { line: () => {}, progress: () => {} };
  const args = { source, markets: null, namespace: 'matrix' };
  const result = await runRemoteCommand(holder, 'catalog-import', args, {
    screen,
    signal: new AbortController().signal,
  });
  expect(result).toMatchObject({ rejected: 0 });
}, 180_000);
afterAll(() => service.stop());

const perQuality = qualities
  .map((quality) => `${quality}: playbackUrl(quality: ${quality}) { __typename }`)
  .join(' ');

/** Ways to the same decision; each answers one object per track, with a field per quality. */
const paths: Record<
  string,
  (ids: readonly string[]) => { query: string; variables?: object; read: (data: never) => Cell[] }
> = {
  'Query.tracks': (ids) => ({
    query: `query ($ids: [ID!]!) { tracks(ids: $ids) { ${perQuality} } }`,
    variables: { ids },
    read: (data: { tracks: Cell[] }) => data.tracks,
  }),
  'Query.nodes': (ids) => ({
    query: `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Track { ${perQuality} } } }`,
    variables: { ids },
    read: (data: { nodes: Cell[] }) => data.nodes,
  }),
  'aliases of Query.playbackUrl': (ids) => ({
    query: `{ ${ids.map((id, index) => qualities.map((quality) => `t${index}_${quality}: playbackUrl(trackId: "${id}", quality: ${quality}) { __typename }`).join(' ')).join(' ')} }`,
    read: (data: Record<string, { __typename: string }>) =>
      ids.map((_, index) =>
        Object.fromEntries(qualities.map((quality) => [quality, data[`t${index}_${quality}`]])),
      ),
  }),
};
type Cell = Record<string, { __typename: string } | null | undefined>;
const chunkOf: Record<string, number> = {
  'Query.tracks': 100,
  'Query.nodes': 100,
  'aliases of Query.playbackUrl': 15,
};

describe('the playback matrix through the whole service', () => {
  let cells = 0;

  it.each(Object.keys(paths))(
    'has no wrong answer by %s',
    async (path) => {
      const wrong: string[] = [];
      for (const [viewerName, viewer] of Object.entries(viewers)) {
        for (const { country, address } of exampleAddresses) {
          for (let at = 0; at < tracks.length; at += chunkOf[path] ?? 1) {
            const chunk = tracks.slice(at, at + (chunkOf[path] ?? 1));
            const { query, variables, read } = (paths[path] as NonNullable<(typeof paths)[string]>)(
              chunk.map(({ id }) => id),
            );
            const who = { from: address, ...(viewer && { as: viewerName }) };
            const answer = await service.ask(query, variables, who);
            if (answer.errors) throw new Error(JSON.stringify(answer.errors[0]));
            read(answer.data as never).forEach((cell, index) => {
              for (const quality of qualities) {
                cells += 1;
                const right = expected(chunk[index], country, viewer, quality);
                const got = cell[quality]?.__typename;
                if (got !== right) {
                  wrong.push(
                    `${chunk[index]?.sourceId} in ${country} as ${viewerName} ${quality}: ${got}, not ${right}`,
                  );
                }
              }
            });
          }
        }
      }
      expect(wrong).toEqual([]);
    },
    180_000,
  );

  it('was asked widely', () => {
    expect(cells).toBe(tracks.length * exampleAddresses.length * Object.keys(viewers).length * 5 * 3);
    expect(cells).toBeGreaterThan(50_000);
  });

  it('knows no unknown track', async () => {
    const { data } = await service.ask(
      `{ track(id: "${unknownTrack}") { id } playbackUrl(trackId: "${unknownTrack}", quality: LOW) { __typename } }`,
      {},
      { as: 'premium-us' },
    );
    expect(data).toEqual({ track: null, playbackUrl: { __typename: 'TrackUnavailable' } });
  });
});

function toTrackObject({ sourceId, markets, explicit, release }: MadeTrack) {
  return {
    id: sourceId,
    name: `Track ${sourceId}`,
    type: 'track',
    duration_ms: 180_000,
    explicit,
    popularity: 1,
    disc_number: 1,
    track_number: 1,
    available_markets: markets,
    artists: [{ id: 'made', name: 'Made', type: 'artist' }],
    album: {
      id: `album-${release}`,
      name: `Album of ${release}`,
      album_type: 'album',
      release_date: release,
      release_date_precision: ['year', 'month', 'day'][release.split('-').length - 1],
      artists: [{ id: 'made', name: 'Made', type: 'artist' }],
    },
  };
}
