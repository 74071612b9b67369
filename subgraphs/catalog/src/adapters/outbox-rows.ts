import { encodeId, type IdKind } from '@medley/ids';
import type { AlbumValues, ArtistValues, GenreValues, TrackValues } from '../domain/catalog-writer.ts';
import type { CatalogChangeType } from '../domain/change-log.ts';
import type { ReleaseDate } from '../domain/model.ts';
import { formatReleaseDate } from '../domain/release-date.ts';
import type { WriterRow } from './writer-rows.ts';

/** A change to append to the outbox. */
export interface OutboxRow {
  readonly key: string;
  readonly type: CatalogChangeType;
  readonly version: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The rows of one transaction by UUID: what changed and what that refers to. */
export interface RowsInReach {
  readonly genres: ReadonlyMap<string, WriterRow<GenreValues>>;
  readonly artists: ReadonlyMap<string, WriterRow<ArtistValues>>;
  readonly albums: ReadonlyMap<string, WriterRow<AlbumValues>>;
}

export function genreChanged(row: WriterRow<GenreValues>): OutboxRow {
  const { slug, name, parentId } = row.values;
  const parent = parentId === null ? null : { id: encodeId('genre', parentId) };
  return change('genre', 'GenreChanged', row, { slug, name, parent });
}

export function artistChanged(row: WriterRow<ArtistValues>, reach: RowsInReach): OutboxRow {
  const { name, bio, popularity } = row.values;
  return change('artist', 'ArtistChanged', row, {
    name,
    bio,
    popularity,
    genres: genresOf([row.values.genreIds], reach),
  });
}

export function albumChanged(row: WriterRow<AlbumValues>, reach: RowsInReach): OutboxRow {
  const { title, type, release, label, copyright, upc, artistIds } = row.values;
  return change('album', 'AlbumChanged', row, {
    title,
    type,
    artists: artistsOf(artistIds, reach),
    releaseDate: releaseDate(release),
    releasedOn: release?.date ?? null,
    label,
    copyright,
    upc,
  });
}

/**
 * A track's genres are those of its artists.
 * @param before as it was, where it may have been part of something else
 */
export function trackChanged(
  row: WriterRow<TrackValues>,
  reach: RowsInReach,
  before?: WriterRow<TrackValues>,
): OutboxRow {
  const { albumId, artistIds, ...own } = row.values;
  const album = albumId === null ? undefined : reach.albums.get(albumId);
  const genreIds = artistIds.map((id) => reach.artists.get(id)?.values.genreIds ?? []);
  return change('track', 'TrackChanged', row, {
    ...own,
    artists: artistsOf(artistIds, reach),
    album: album
      ? {
          id: encodeId('album', album.id),
          title: album.values.title,
          type: album.values.type,
          releaseDate: releaseDate(album.values.release),
        }
      : null,
    genres: genresOf(genreIds, reach),
    ...leftBy(before, row),
  });
}

export function trackDeleted(row: WriterRow<TrackValues>): OutboxRow {
  return change('track', 'TrackDeleted', row, { deleted: true, ...leftBy(row) });
}

/** What a track was part of and is not any more: nothing else tells those who keep sums of an album's or artist's tracks. */
function leftBy(before?: WriterRow<TrackValues>, after?: WriterRow<TrackValues>): { left?: string[] } {
  const now = partOf(after);
  const left = partOf(before).filter((id) => !now.includes(id));
  return left.length > 0 ? { left } : {};
}

function partOf(track?: WriterRow<TrackValues>): string[] {
  if (!track) return [];
  const { albumId, artistIds } = track.values;
  return [...(albumId ? [encodeId('album', albumId)] : []), ...artistIds.map((id) => encodeId('artist', id))];
}

function change(
  kind: IdKind,
  type: CatalogChangeType,
  { id, version }: { id: string; version: number },
  data: object,
): OutboxRow {
  const key = encodeId(kind, id);
  return { key, type, version, data: { id: key, ...data } };
}

function artistsOf(ids: readonly string[], { artists }: RowsInReach) {
  return ids.map((id) => ({ id: encodeId('artist', id), name: artists.get(id)?.values.name ?? null }));
}

function genresOf(lists: readonly (readonly string[])[], { genres }: RowsInReach) {
  return [...new Set(lists.flat())].map((id) => ({
    id: encodeId('genre', id),
    slug: genres.get(id)?.values.slug ?? null,
    name: genres.get(id)?.values.name ?? null,
  }));
}

function releaseDate(release: ReleaseDate | null) {
  if (!release) return null;
  return { value: formatReleaseDate(release), precision: release.precision };
}
