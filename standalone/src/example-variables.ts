import {
  sampleLandmarkAlbumId,
  sampleLandmarkArtistId,
  sampleLandmarks,
} from '@medley/catalog/sample/landmarks';
import { currentTime, freshUuid } from '@medley/schema';
import { samplePlaylistId, sampleSharedPlaylist } from './sample-playlists.ts';

/** Variables for the named operations that name things of the samples, by the operation's name. */
export function exampleVariables(): Record<string, Record<string, unknown>> {
  const { everywhere, notInBrazil, nowhere, onlyNorthAmerica, withdrawn } = sampleLandmarks;
  return {
    PlaybackUrl: { trackId: everywhere.id },
    PlaybackStart: {
      input: {
        trackId: everywhere.id,
        quality: 'NORMAL',
        device: { id: 'explorer', name: 'Explorer' },
        nextTrackIds: [notInBrazil.id],
      },
    },
    PlaybackTakeOver: {
      input: {
        trackId: everywhere.id,
        quality: 'NORMAL',
        device: { id: 'explorer-2', name: 'Another window' },
      },
    },
    PlaybackHeartbeat: { input: { sessionId: unknownSession, positionMs: 15_000, paused: false } },
    PlaybackStop: { input: { sessionId: unknownSession } },
    PlaybackQueueReplace: {
      input: {
        device: { id: 'explorer', name: 'Explorer' },
        trackIds: [everywhere.id, notInBrazil.id],
      },
    },
    PlaybackQualities: { trackId: everywhere.id },
    TrackFromBrazil: { trackId: notInBrazil.id },
    Track: { id: everywhere.id },
    AlbumPage: { id: sampleLandmarkAlbumId },
    ArtistPage: { id: sampleLandmarkArtistId },
    TopTracks: { artistId: sampleLandmarkArtistId },
    ArtistStats: { id: sampleLandmarkArtistId },
    Radio: { seed: everywhere.id },
    SimilarTracks: { id: everywhere.id },
    SimilarArtists: { id: sampleLandmarkArtistId },
    PlaylistCreateFromMix: { input: { operationId: freshUuid, mixId: unknownMix } },
    SearchPage: { query: 'lumen tide' },
    SearchSuggestions: { prefix: 'eve' },
    PlaylistPage: { id: samplePlaylistId },
    PlaylistCreate: {
      input: {
        operationId: freshUuid,
        name: 'Long train rides',
        privacy: 'PRIVATE',
        trackIds: [everywhere.id, notInBrazil.id],
      },
    },
    PlaylistItemsAdd: {
      input: {
        operationId: freshUuid,
        playlistId: sampleSharedPlaylist.id,
        trackIds: [everywhere.id],
        place: { at: 'START' },
      },
    },
    PlaylistItemsMove: {
      input: {
        operationId: freshUuid,
        playlistId: sampleSharedPlaylist.id,
        itemIds: [sampleSharedPlaylist.itemId],
        place: { at: 'END' },
      },
    },
    PlaylistChanged: { id: sampleSharedPlaylist.id },
    PlayCountChanged: { trackId: everywhere.id },
    SaveTracks: { input: { trackIds: [everywhere.id] } },
    PlaybackReport: {
      input: {
        sentAt: currentTime,
        deviceId: 'explorer',
        events: [
          {
            id: freshUuid,
            trackId: everywhere.id,
            playedAt: currentTime,
            msPlayed: 42_000,
            startReason: 'CLICK',
            endReason: 'FORWARD',
          },
        ],
      },
    },
    TrackLicensing: { trackId: onlyNorthAmerica.id },
    // What they decide of these tracks holds already, so that trying them out breaks nothing.
    TrackWithdraw: { input: { trackId: withdrawn.id } },
    TrackMarketsSet: { input: { trackId: onlyNorthAmerica.id, markets: ['CA', 'US'] } },
    TrackLicenceWindowsSet: {
      input: {
        trackId: nowhere.id,
        windows: [
          { markets: ['DE', 'FR'], from: '2019-06-20T00:00:00.000Z', until: '2024-06-20T00:00:00.000Z' },
        ],
      },
    },
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

/** To be replaced by the one that PlaybackStart gave; this one has ended. */
const unknownSession = `session_${'0'.repeat(26)}`;
/** To be replaced by one that MyMixes gave. */
const unknownMix = `mix_${'0'.repeat(26)}`;
