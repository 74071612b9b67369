import {
  sampleLandmarkAlbumId,
  sampleLandmarkArtistId,
  sampleLandmarks,
} from '@medley/catalog/sample/landmarks';

/** Variables for the named operations that name things of the sample catalog, by the operation's name. */
export function exampleVariables(): Record<string, Record<string, unknown>> {
  const { everywhere, notInBrazil } = sampleLandmarks;
  return {
    PlaybackUrl: { trackId: everywhere.id },
    PlaybackQualities: { trackId: everywhere.id },
    TrackFromBrazil: { trackId: notInBrazil.id },
    Track: { id: everywhere.id },
    AlbumPage: { id: sampleLandmarkAlbumId },
    ArtistPage: { id: sampleLandmarkArtistId },
    TopTracks: { artistId: sampleLandmarkArtistId },
    GenreTracks: { slug: 'indie-pop' },
    NodeLookup: { ids: [sampleLandmarkArtistId, everywhere.id] },
    SignIn: {
      input: {
        email: 'premium-us@medley.example',
        password: 'medley-premium-us',
        device: 'Explorer',
      },
    },
  };
}
