import {
  type AlbumFacts,
  type ArtistFacts,
  type CatalogFacts,
  type GenreFacts,
  mayPlay,
  type TrackFacts,
} from '../../src/domain/catalog-facts.ts';

/** The copy of the catalog, in memory; the contract suite of the real one says what it does. */
export interface MemoryFacts extends CatalogFacts {
  readonly tracks: Map<string, TrackFacts>;
  readonly artists: Map<string, ArtistFacts>;
  readonly albums: Map<string, AlbumFacts>;
  /** How often each method was called. */
  readonly calls: Map<string, number>;
}

export function createMemoryFacts(): MemoryFacts {
  const tracks = new Map<string, TrackFacts>();
  const artists = new Map<string, ArtistFacts>();
  const albums = new Map<string, AlbumFacts>();
  const genres = new Map<string, GenreFacts>();
  const calls = new Map<string, number>();
  const count = (name: string) => calls.set(name, (calls.get(name) ?? 0) + 1);

  const byPopularity = (one: TrackFacts, other: TrackFacts) =>
    other.popularity - one.popularity || (one.id < other.id ? -1 : 1);
  const find =
    <Row>(name: string, rows: ReadonlyMap<string, Row>) =>
    async (ids: readonly string[]) => {
      count(name);
      return new Map(
        ids.flatMap((id) => {
          const row = rows.get(id);
          return row ? [[id, row] as const] : [];
        }),
      );
    };
  return {
    tracks,
    artists,
    albums,
    calls,
    findTracks: find('findTracks', tracks),
    findArtists: find('findArtists', artists),
    findAlbums: find('findAlbums', albums),
    findGenres: find('findGenres', genres),
    allGenres: async () => [...genres.values()],
    async tracksOfArtists(artistIds, limit) {
      count('tracksOfArtists');
      const wanted = new Map(artistIds.map((id) => [id, [] as TrackFacts[]]));
      for (const track of [...tracks.values()].sort(byPopularity)) {
        if (track.withdrawn) continue;
        for (const id of track.artistIds) wanted.get(id)?.push(track);
      }
      return new Map([...wanted].map(([id, list]) => [id, list.slice(0, limit)]));
    },
    async newTracksOfArtists(artistIds, since, limit) {
      count('newTracksOfArtists');
      const found = [...tracks.values()].flatMap((track) => {
        const releasedOn = (track.albumId && albums.get(track.albumId)?.releasedOn) ?? null;
        const isBy = track.artistIds.some((id) => artistIds.includes(id));
        return isBy && releasedOn && releasedOn >= since && !track.withdrawn
          ? [{ ...track, releasedOn }]
          : [];
      });
      return found.sort((one, other) => other.releasedOn.localeCompare(one.releasedOn)).slice(0, limit);
    },
    async popular({ audience, limit, genreIds }) {
      count('popular');
      return [...tracks.values()]
        .filter((track) => mayPlay(track, audience))
        .filter((track) => !genreIds || track.genreIds.some((id) => genreIds.includes(id)))
        .sort(byPopularity)
        .slice(0, limit);
    },
    tracksAfter: async () => [],
  };
}
