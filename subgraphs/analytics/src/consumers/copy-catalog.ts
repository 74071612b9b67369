import type { catalogChanged, TopicContract } from '@medley/events';
import type { CatalogTrack, CatalogTracks } from '../domain/catalog-tracks.ts';

type CatalogEvent = typeof catalogChanged extends TopicContract<infer Told> ? Told : never;

/** Copies the tracks that were changed or deleted, for a consumer. It may be told of one any number of times, and late. */
export const copyCatalog =
  (tracks: Pick<CatalogTracks, 'save'>) =>
  async (consumed: readonly { readonly event: CatalogEvent }[]): Promise<void> => {
    const newest = new Map<string, CatalogTrack>();
    for (const { event } of consumed) {
      const track = trackOf(event);
      if (track && track.version >= (newest.get(track.id)?.version ?? 0)) newest.set(track.id, track);
    }
    if (newest.size > 0) await tracks.save([...newest.values()]);
  };

/** The same for the keys that the topic has forgotten: of all that is in the catalog. */
export const forgetTracks =
  (tracks: Pick<CatalogTracks, 'withdraw'>) =>
  async (keys: readonly string[]): Promise<void> => {
    const ids = keys.filter((key) => key.startsWith('track_'));
    if (ids.length > 0) await tracks.withdraw(ids);
  };

function trackOf(event: CatalogEvent): CatalogTrack | null {
  if (event.type === 'TrackDeleted') {
    const { id, stateVersion: version } = event.data;
    return { id, version, artistIds: [], explicit: false, withdrawn: true, markets: [] };
  }
  if (event.type !== 'TrackChanged') return null;
  const { id, stateVersion: version, artists, explicit, withdrawnAt, availableMarkets: markets } = event.data;
  const artistIds = artists.map((artist) => artist.id);
  return { id, version, artistIds, explicit, withdrawn: withdrawnAt !== null, markets };
}
