import type { AlbumValues, ArtistValues, CatalogRecord, TrackValues } from '../domain/catalog-writer.ts';
import { createSampleCatalog, type SampleCatalog } from './sample-catalog.ts';

/** A track of the sample catalog, as far as those need it who make something of it. Ids are UUIDs. */
export interface TrackOfGenre {
  readonly id: string;
  readonly albumId: string | null;
  /** The first is the main one. */
  readonly artistIds: readonly string[];
  readonly year: number | null;
}

/**
 * The tracks of the sample catalog that may be played somewhere, by the slugs of their main artists' genres, the most
 * popular first. One whose artist plays several genres stands under each.
 */
export function sampleTracksByGenre(
  { genres, artists, albums, tracks }: SampleCatalog = createSampleCatalog(),
): ReadonlyMap<string, readonly TrackOfGenre[]> {
  const slugs = new Map(genres.map(({ id, values }) => [id, values.slug as string]));
  const genresOf = new Map(
    (artists as readonly CatalogRecord<ArtistValues>[]).map(({ id, values }) => [id, values.genreIds ?? []]),
  );
  const yearOf = new Map(
    (albums as readonly CatalogRecord<AlbumValues>[]).map(({ id, values }) => [id, readYear(values.release)]),
  );
  const byGenre = new Map<string, TrackOfGenre[]>([...slugs.values()].map((slug) => [slug, []]));
  const popular = (tracks as readonly { id: string; values: TrackValues }[])
    .filter(({ values }) => values.withdrawnAt === null && (values.availableMarkets?.length ?? 0) > 0)
    .filter(({ values }) => values.popularity > 0)
    .sort((one, other) => other.values.popularity - one.values.popularity || (one.id < other.id ? -1 : 1));
  for (const { id, values } of popular) {
    const { albumId, artistIds } = values;
    const year = albumId === null ? null : (yearOf.get(albumId) ?? null);
    for (const genreId of genresOf.get(artistIds[0] ?? '') ?? [])
      byGenre.get(slugs.get(genreId) ?? '')?.push({ id, albumId, artistIds, year });
  }
  return byGenre;
}

const readYear = (release: AlbumValues['release'] | undefined): number | null =>
  release ? Number(release.date.slice(0, 4)) : null;
