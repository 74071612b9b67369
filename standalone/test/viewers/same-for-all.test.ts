import {
  sampleLandmarkAlbumId,
  sampleLandmarkArtistId,
  sampleLandmarks,
} from '@medley/catalog/sample/landmarks';
import { findViewerFields } from '@medley/schema';
import { personaUserId } from '@medley/users';
import { buildClientSchema, type GraphQLSchema, getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { samplePlaylistId, sampleSharedPlaylist } from '../../src/sample-playlists.ts';
import { startWholeService, type WholeService } from '../whole/start.ts';
import { findDifferences, findTypes } from './answers.ts';
import { askEveryField, type FieldQuestion } from './field-questions.ts';

// One has a library and a part in the shared playlist, one owns those of the house, and one holds all scopes.
const viewers = ['premium-us', 'editor', 'admin'];
// All are in one market, and none of them filters explicit tracks.
const from = '193.99.144.80';

const { everywhere, notInBrazil } = sampleLandmarks;
const given = {
  'Query.track': `id: "${everywhere.id}"`,
  'Query.tracks': `ids: ["${everywhere.id}", "${notInBrazil.id}"]`,
  'Query.album': `id: "${sampleLandmarkAlbumId}"`,
  'Query.artist': `id: "${sampleLandmarkArtistId}"`,
  'Query.genre': 'slug: "indie-pop"',
  'Query.leavingSoon': 'first: 2, withinDays: 90',
  'Query.node': `id: "${samplePlaylistId}"`,
  'Query.nodes': `ids: ["${sampleSharedPlaylist.id}", "${sampleLandmarkArtistId}"]`,
  'Query.playlist': `id: "${sampleSharedPlaylist.id}"`,
  'Query.playbackUrl': `trackId: "${everywhere.id}", quality: HIGH`,
  'Query.radio': `seed: "${everywhere.id}", first: 2`,
  'Query.search': 'query: "lumen tide"',
  'Query.searchSuggestions': 'prefix: "eve"',
  'Query.user': `id: "${personaUserId('editor')}"`,
  'Track.playbackUrl': 'quality: HIGH',
};

const mustBeShown = [
  ...['Album', 'Artist', 'Genre', 'Market', 'Mood', 'Playlist', 'PlaylistItem'],
  ...['SearchResult', 'SearchSuggestion', 'Track', 'TrackLicensing', 'User'],
];

let service: WholeService;
let schema: GraphQLSchema;
beforeAll(async () => {
  service = await startWholeService();
  schema = buildClientSchema((await service.ask(getIntrospectionQuery())).data);
}, 300_000);
afterAll(() => service.stop());

// Under load a part of an answer may come too late; then it is asked for again.
const ask = (query: string, as?: string) =>
  vi.waitFor(async () => {
    const { data, errors } = await service.ask(query, {}, { as, from });
    expect(errors, query).toBeUndefined();
    return data;
  }, 30_000);

/** What these answer otherwise to a viewer than to nobody, as `Type.field`; and the types of all objects that nobody was shown. */
async function compare(questions: readonly FieldQuestion[]) {
  const differing = new Set<string>();
  const shown = new Set<unknown>();
  for (const { query } of questions) {
    const toNobody = await ask(query);
    for (const type of findTypes(toNobody)) shown.add(type);
    const found = new Set<string>();
    for (const viewer of viewers) {
      for (const field of findDifferences(toNobody, await ask(query, viewer))) found.add(field);
    }
    if (found.size === 0) continue;
    // What changed for nobody meanwhile tells of the time, and not of the viewer.
    for (const field of findDifferences(toNobody, await ask(query))) found.delete(field);
    for (const field of found) differing.add(field);
  }
  return { differing: [...differing].sort(), shown };
}

it('answers the same to nobody and to all viewers of a market, where the schema does not say PRIVATE', async () => {
  const viewerFields = findViewerFields();
  const questions = askEveryField(schema, (coordinate) => viewerFields.has(coordinate), given);
  const { differing, shown } = await compare(questions);
  expect(differing, 'these depend on the viewer, and need `@cacheControl(scope: PRIVATE)`').toEqual([]);
  // An answer of nulls would be the same for all.
  expect([...shown]).toEqual(expect.arrayContaining(mustBeShown));
}, 300_000);

it('would see that a PRIVATE is missing', async () => {
  const planted = [
    'Artist.viewerFollows',
    'Playlist.viewerCanEdit',
    'Track.playbackUrl',
    'Track.viewerHasSaved',
  ];
  const viewerFields = new Set([...findViewerFields()].filter((coordinate) => !planted.includes(coordinate)));
  const questions = askEveryField(schema, (coordinate) => viewerFields.has(coordinate), given);
  const { differing } = await compare(
    questions.filter(({ type }) => ['Artist', 'Playlist', 'Track'].includes(type)),
  );
  expect(differing).toEqual(planted);
}, 60_000);
