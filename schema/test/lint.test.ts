import { describe, expect, it } from 'vitest';
import { lintRules, lintSchema } from '../src/lint.ts';
import { type ReadSubgraphFile, readSubgraphFile } from '../src/sdl.ts';

/** The committed SDL with something planted into one subgraph. */
const plant =
  (subgraph: string, change: (sdl: string) => string): ReadSubgraphFile =>
  (name) => {
    const sdl = readSubgraphFile(name);
    if (name !== subgraph) return sdl;
    const changed = change(sdl);
    if (changed === sdl) throw new Error(`nothing was planted in ${subgraph}`);
    return changed;
  };

const append = (text: string) => (sdl: string) => `${sdl}\n${text}`;
const described = '"A."';

const planted: [keyof typeof lintRules, string, ReadSubgraphFile][] = [
  [
    'rootFieldsAreNullable',
    'Query.now',
    plant('users', append(`extend type Query { ${described} now: String! }`)),
  ],
  [
    'addedFieldsAreNullable',
    'Track.liked',
    plant('streaming', (sdl) => sdl.replace(/(\ntype Track [^{]*\{)/, `$1\n  ${described} liked: Boolean!`)),
  ],
  [
    'foreignReferencesAreNullable',
    'Recent.track',
    plant(
      'streaming',
      append(
        `extend type Query { ${described} recent: Recent } ${described} type Recent { ${described} track: Track! }`,
      ),
    ),
  ],
  [
    'foreignReferencesAreNullable',
    'Recent.tracks',
    plant(
      'streaming',
      append(
        `extend type Query { ${described} recent: Recent } ${described} type Recent { ${described} tracks: [Track!] }`,
      ),
    ),
  ],
  [
    'nodesAreNullable',
    'AlbumTrackEdge.node',
    plant('catalog', (sdl) => sdl.replace(/(type AlbumTrackEdge [\s\S]*?node: Track)/, '$1!')),
  ],
  ['everythingIsDescribed', 'Query.now', plant('users', append('extend type Query { now: String }'))],
  [
    'everythingIsDescribed',
    'Query.now(zone:)',
    plant('users', append(`extend type Query { ${described} now(zone: String): String }`)),
  ],
  [
    'everythingIsDescribed',
    'Clock',
    plant(
      'users',
      append(`extend type Query { ${described} now: Clock } type Clock { ${described} time: String }`),
    ),
  ],
  [
    'viewerFieldsArePrivate',
    'Track.viewerRating',
    plant('playlists', (sdl) =>
      sdl.replace(/(\n(?:extend )?type Track [^{]*\{)/, `$1\n  ${described} viewerRating: Int`),
    ),
  ],
  [
    'viewerFieldsArePrivate',
    'Playlist.viewerCanEdit',
    plant('playlists', (sdl) => sdl.replace(/(viewerCanEdit: Boolean!) @cacheControl\([^)]*\)/, '$1')),
  ],
  [
    'subscriptionsCanBeResumed',
    'Subscription.ticks: takes no',
    plant(
      'users',
      append(
        `extend type Subscription { ${described} ticks: Tick } ${described} type Tick { ${described} kind: LiveEventKind! ${described} cursor: String! }`,
      ),
    ),
  ],
  [
    'subscriptionsCanBeResumed',
    'Subscription.ticks: its events have no `cursor',
    plant(
      'users',
      append(
        `extend type Subscription { ${described} ticks(${described} after: String): Tick } ${described} type Tick { ${described} kind: LiveEventKind! }`,
      ),
    ),
  ],
  [
    'connectionsBelongToOneField',
    'GenreConnection belongs to',
    plant(
      'catalog',
      append(
        `extend type Query { ${described} styles(${['first: Int', 'last: Int', 'after: String', 'before: String'].map((argument) => `${described} ${argument}`).join(' ')}): GenreConnection }`,
      ),
    ),
  ],
  [
    'connectionsArePaged',
    'Artist.albums',
    plant('catalog', (sdl) => sdl.replace(/(albums\([\s\S]*?)last: Int/, '$1latest: Int')),
  ],
  [
    'listsHaveAnEnd',
    'Artist.singles',
    plant('catalog', (sdl) =>
      sdl.replace('  bio: String', `  bio: String\n  ${described} singles: [Track!]`),
    ),
  ],
  [
    'requiresTakesNoArguments',
    'Track.rating',
    (name) => {
      const rank = `${described} rank(scale: Int): Int`;
      const rating = `${rank} @external ${described} rating: Int @requires(fields: "rank(scale: 1)")`;
      const fields = { catalog: rank, streaming: rating }[name as string];
      return readSubgraphFile(name).replace(/(\ntype Track [^{]*\{)/, `$1\n  ${fields ?? ''}`);
    },
  ],
  [
    'sharedTypesStandInOneFile',
    'CoverSize',
    plant('streaming', append(`${described} enum CoverSize { SMALL MEDIUM LARGE }`)),
  ],
  [
    'everythingIsDescribed',
    'Weather.CALM',
    plant(
      'users',
      append(`extend type Query { ${described} weather: Weather } ${described} enum Weather { CALM }`),
    ),
  ],
  [
    'everythingIsDescribed',
    'MoodFilter.mood',
    plant(
      'users',
      append(
        `extend type Query { ${described} now(${described} filter: MoodFilter): Int } ${described} input MoodFilter { mood: String }`,
      ),
    ),
  ],
  [
    'everythingIsDescribed',
    'Query: has no description',
    plant('nodes', (sdl) => sdl.replace('"All that can be asked for."', '')),
  ],
  [
    'entitiesAreTaggedByField',
    'Genre',
    plant('catalog', (sdl) => sdl.replace('type Genre implements Node ', '$&@tag(name: "public") ')),
  ],
  [
    'contractNamesNothingElse',
    'names Track.playability',
    plant('catalog', (sdl) => sdl.replace('"As on the release."', '"See `Track.playability`."')),
  ],
  [
    'contractNamesNothingElse',
    'names playbackUrl',
    plant('playlists', (sdl) => sdl.replace('"What stands there;', '"Play it by `playbackUrl(trackId:)`;')),
  ],
  ['nodeTypesHaveStubs', 'Genre', plant('nodes', (sdl) => sdl.replace(/type Genre [^}]*\}/, ''))],
];

describe('the lint of the schema', () => {
  it('finds nothing in what is committed', () => {
    expect(lintSchema()).toEqual([]);
  });

  it.each(planted)('%s finds %s', (rule, coordinate, fileOf) => {
    const found = lintSchema(fileOf).filter((violation) => violation.endsWith(`(${rule})`));
    expect(
      found.some((violation) => violation.includes(coordinate)),
      found.join('\n'),
    ).toBe(true);
  });

  it('has a planted violation for every rule', () => {
    expect(new Set(planted.map(([rule]) => rule))).toEqual(new Set(Object.keys(lintRules)));
  });
});
