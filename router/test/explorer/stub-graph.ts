import { buildApiSchema } from '@medley/schema';
import { type ExecutionResult, graphql } from 'graphql';

export interface StubRequest {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
  readonly authorization?: string;
  readonly forwardedFor?: string;
}

/**
 * The graph that clients see, with a few made-up answers, so that the pages can be looked at without the service.
 * @param edgeOrigin where its URLs lead
 * @param onEdit called when an item is added to a playlist
 */
export function createStubGraph(
  edgeOrigin: string,
  onEdit: () => void,
): (request: StubRequest) => Promise<ExecutionResult> {
  const schema = buildApiSchema();
  const image = (id: string) => ({
    url: `${edgeOrigin}/images/v1/${id}/medium.jpg`,
    width: 300,
    height: 300,
  });
  const artists = ['Marta Løvgren', 'The Paper Kites', 'Nilüfer & Sons', 'Kofi Mensah Quartet'].map(
    (name, index) => ({
      __typename: 'Artist',
      id: stubId('artist', index),
      name,
      popularity: 88 - 7 * index,
      bio: 'Four records, one of them recorded on a night ferry.',
      image: () => image(stubId('artist', index)),
      genres: [{ id: stubId('genre', 0), slug: 'dream-pop', name: 'Dream Pop' }],
      albums: () => connection(albums),
      topTracks: () => connection(tracks),
    }),
  );
  const albumTitles = [
    'Harbour Lights',
    'Slow Weather',
    'Paper Lanterns',
    'Night Bus Home',
    'Tidal Charts',
    'Saffron',
  ];
  const albums = albumTitles.map((title, index) => ({
    __typename: 'Album',
    id: stubId('album', index),
    title,
    type: index % 3 === 2 ? 'SINGLE' : 'ALBUM',
    artists: [artists[index % artists.length]],
    releaseDate: { value: `2026-11-${20 - index}`, precision: 'DAY', year: 2026 },
    cover: () => image(stubId('album', index)),
    label: 'Small Hours',
    copyright: '℗ 2026 Small Hours',
    trackCount: 9,
    durationMs: 2_160_000,
    tracks: () => connection(tracks),
  }));
  const tracks = ['First Ferry', 'Copper Wire', 'Halfway Up', 'Undertow', 'Lamplight'].map(
    (title, index) => ({
      __typename: 'Track',
      id: stubId('track', index),
      title,
      durationMs: 201_000 + 13_000 * index,
      explicit: index === 3,
      isrc: `DEA1226000${index}1`,
      popularity: 90 - 8 * index,
      discNumber: 1,
      trackNumber: index + 1,
      availableMarkets: ['BR', 'DE', 'US'],
      artists: [artists[0]],
      album: () => albums[0],
      playability: { playable: true, maxQuality: 'LOSSLESS' },
    }),
  );

  return ({ query, variables, operationName, authorization, forwardedFor }) => {
    const persona = authorization?.replace(/^Bearer token of /, '');
    const rootValue = {
      newReleases: () => connection(albums),
      album: () => albums[0],
      artist: () => artists[0],
      track: () => tracks[0],
      genres: () => connection([{ id: stubId('genre', 0), slug: 'dream-pop', name: 'Dream Pop' }]),
      markets: () => connection([{ code: 'DE', name: 'Germany' }]),
      nodes: () => [artists[0], tracks[0], null],
      me: () =>
        persona && { email: `${persona}@example.com`, country: forwardedFor ?? 'US', tier: 'PREMIUM' },
      playbackQualityReport: ({ input }: { input: { measurements: readonly { id: string }[] } }) => ({
        results: input.measurements.map(({ id }) => ({ id, accepted: true })),
        userErrors: [],
      }),
      playlistItemsAdd: () => {
        onEdit();
        return { playlist: null, items: [], snapshotId: 'main-1', userErrors: [] };
      },
      playbackUrl: ({ quality }: { quality: string }) => decide(quality, persona),
    };
    return graphql({ schema, source: query, variableValues: variables, operationName, rootValue });
  };

  function decide(quality: string, persona: string | undefined) {
    const message = 'Sign in to play: playing needs an account.';
    if (!persona) {
      return { __typename: 'SignInRequired', decisionId: 'decision_1', code: 'SIGN_IN_REQUIRED', message };
    }
    return {
      __typename: 'PlaybackGrant',
      decisionId: 'decision_2',
      url: `${edgeOrigin}/audio/v1/${stubId('track', 0)}/${quality.toLowerCase()}.ogg?t=v1.k1.1795500000.u.s`,
      expiresAt: '2026-11-23T10:00:00.000Z',
      refreshAfter: '2026-11-23T09:20:00.000Z',
      requestedQuality: quality,
      grantedQuality: quality,
      adSupported: false,
      durationMs: 201_000,
      playbackToken: 'v1.facts.signature',
      format: {
        codec: 'vorbis',
        mimeType: 'audio/ogg',
        bitrateKbps: 320,
        sizeBytes: 8_040_000,
        gainDb: -3.2,
      },
    };
  }
}

function connection<Node>(nodes: readonly Node[]) {
  return {
    nodes,
    edges: nodes.map((node, index) => ({ cursor: `c${index}`, node })),
    pageInfo: {
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: 'c0',
      endCursor: `c${nodes.length - 1}`,
    },
  };
}

function stubId(kind: string, index: number): string {
  return `${kind}_${'0'.repeat(25)}${index}`;
}
