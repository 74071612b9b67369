import type { Consumed, ConsumerContext } from '@medley/event-log';
import type { catalogChanged, TopicContract } from '@medley/events';
import { decodeId, type IdKind, InvalidIdError } from '@medley/ids';
import type {
  CatalogCopy,
  ToldAlbum,
  ToldArtist,
  ToldGenre,
  ToldStates,
  ToldTrack,
} from '../domain/catalog-copy.ts';

type CatalogEvent = typeof catalogChanged extends TopicContract<infer Told> ? Told : never;

/**
 * Copies what was changed in the catalog, for a consumer. It may be told of the same any number of times, and late. What has a
 * malformed id is refused: it would fail for ever, and hold up what comes with it.
 */
export const copyCatalog =
  (copy: Pick<CatalogCopy, 'save'>) =>
  async (
    consumed: readonly Consumed<CatalogEvent>[],
    { refuse }: Pick<ConsumerContext<CatalogEvent>, 'refuse'>,
  ): Promise<void> => {
    const newest = {
      genres: new Map<string, ToldGenre>(),
      artists: new Map<string, ToldArtist>(),
      albums: new Map<string, ToldAlbum>(),
      tracks: new Map<string, ToldTrack>(),
    };
    for (const one of consumed) {
      const malformed = findMalformed(idsIn(one.event));
      if (malformed) refuse(one, malformed.message);
      else note(one.event);
    }
    const states = {
      genres: [...newest.genres.values()],
      artists: [...newest.artists.values()],
      albums: [...newest.albums.values()],
      tracks: [...newest.tracks.values()],
    } satisfies ToldStates;
    if (Object.values(states).some(({ length }) => length > 0)) await copy.save(states);

    function note(event: CatalogEvent): void {
      if (event.type === 'GenreChanged') keep(newest.genres, genreOf(event.data));
      else if (event.type === 'ArtistChanged') keep(newest.artists, artistOf(event.data));
      else if (event.type === 'AlbumChanged') keep(newest.albums, albumOf(event.data));
      else if (event.type === 'TrackChanged') keep(newest.tracks, trackOf(event.data));
      else if (event.type === 'TrackDeleted') keep(newest.tracks, deletedTrack(event.data));
    }
  };

/** The same for the keys that the topic has forgotten: of all that is in the catalog tracks alone are deleted. */
export const forgetTracks =
  (copy: Pick<CatalogCopy, 'withdraw'>) =>
  async (keys: readonly string[]): Promise<void> => {
    const ids = keys.filter((key) => key.startsWith('track_') && !findMalformed([['track', key]]));
    if (ids.length > 0) await copy.withdraw(ids);
  };

function keep<State extends { readonly id: string; readonly version: number }>(
  newest: Map<string, State>,
  state: State,
): void {
  if (state.version >= (newest.get(state.id)?.version ?? 0)) newest.set(state.id, state);
}

function findMalformed(ids: readonly TypedId[]): InvalidIdError | null {
  try {
    for (const [kind, id] of ids) decodeId(id, kind);
    return null;
  } catch (error) {
    if (error instanceof InvalidIdError) return error;
    throw error;
  }
}

type TypedId = readonly [kind: IdKind, id: string];

/** All that is copied of an event. */
function idsIn({ type, data }: CatalogEvent): readonly TypedId[] {
  if (type === 'GenreChanged') return typed('genre', [data, data.parent]);
  if (type === 'ArtistChanged') return [...typed('artist', [data]), ...typed('genre', data.genres)];
  if (type === 'AlbumChanged') return [...typed('album', [data]), ...typed('artist', data.artists)];
  if (type === 'TrackDeleted') return typed('track', [data]);
  return [
    ...typed('track', [data]),
    ...typed('album', [data.album]),
    ...typed('artist', data.artists),
    ...typed('genre', data.genres),
  ];
}

const typed = (kind: IdKind, references: readonly ({ readonly id: string } | null)[]): TypedId[] =>
  references.flatMap((reference): TypedId[] => (reference ? [[kind, reference.id]] : []));

type DataOf<Type extends CatalogEvent['type']> = Extract<CatalogEvent, { readonly type: Type }>['data'];

const idsOf = (references: readonly { readonly id: string }[]) => references.map(({ id }) => id);

const genreOf = ({ id, stateVersion, slug, name, parent }: DataOf<'GenreChanged'>): ToldGenre => ({
  id,
  version: stateVersion,
  slug,
  name,
  parentId: parent?.id ?? null,
});

const artistOf = ({ id, stateVersion, name, popularity, genres }: DataOf<'ArtistChanged'>): ToldArtist => ({
  id,
  version: stateVersion,
  name,
  popularity,
  genreIds: idsOf(genres),
});

const albumOf = ({ id, stateVersion, title, artists, releasedOn }: DataOf<'AlbumChanged'>): ToldAlbum => ({
  id,
  version: stateVersion,
  title,
  artistIds: idsOf(artists),
  releasedOn,
});

const trackOf = (data: DataOf<'TrackChanged'>): ToldTrack => ({
  id: data.id,
  version: data.stateVersion,
  title: data.title,
  explicit: data.explicit,
  withdrawn: data.withdrawnAt !== null,
  popularity: data.popularity,
  albumId: data.album?.id ?? null,
  artistIds: idsOf(data.artists),
  genreIds: idsOf(data.genres),
  features: data.audioFeatures,
  markets: data.availableMarkets,
});

const deletedTrack = ({ id, stateVersion }: DataOf<'TrackDeleted'>): ToldTrack => ({
  id,
  version: stateVersion,
  title: '',
  explicit: false,
  withdrawn: true,
  popularity: 0,
  albumId: null,
  artistIds: [],
  genreIds: [],
  features: null,
  markets: [],
});
