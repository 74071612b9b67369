import type { CatalogDirectory } from './catalog-directory.ts';
import type { Problem } from './problem.ts';

/** What there is of the tracks that somebody adds. */
export interface FoundTracks {
  /** In the order of asking; `index` is the place among what was asked for. */
  readonly found: readonly {
    readonly index: number;
    readonly trackId: string;
    readonly albumId: string | null;
  }[];
  /** One for each track that is unknown. */
  readonly problems: readonly Problem[];
}

/** @param trackIds UUIDs; the same one may come twice */
export type TrackFinder = (trackIds: readonly string[]) => Promise<FoundTracks>;

/**
 * Looks tracks up in the catalog. While it cannot be asked, all are taken to exist: playlists stay writable.
 * @param toTrackId the public id of a track
 * @param toAlbumUuid the UUID in the public id of an album
 */
export function createTrackFinder({
  catalog,
  toTrackId,
  toAlbumUuid,
}: {
  catalog: CatalogDirectory;
  toTrackId: (uuid: string) => string;
  toAlbumUuid: (id: string) => string;
}): TrackFinder {
  return async (trackIds) => {
    const ids = trackIds.map(toTrackId);
    const entities = await catalog.findEntities([...new Set(ids)]);
    const tracks = trackIds.map((trackId, index) => {
      const entity = entities?.get(ids[index] as string);
      const albumId = entity?.albumId ? toAlbumUuid(entity.albumId) : null;
      return { index, trackId, albumId, isKnown: entities === null || entity !== undefined };
    });
    return {
      found: tracks.flatMap(({ isKnown, ...track }) => (isKnown ? [track] : [])),
      problems: tracks.flatMap(({ isKnown, index }) => (isKnown ? [] : [noTrack(index)])),
    };
  };
}

const noTrack = (index: number): Problem => ({
  field: ['trackIds', String(index)],
  code: 'NOT_FOUND',
  message: 'There is no such track.',
});
