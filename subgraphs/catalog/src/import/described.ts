import { importedUuid } from '@medley/ids';
import type { AlbumValues, ArtistValues, CatalogRecord, TrackValues } from '../domain/catalog-writer.ts';

/** What one row of a source says, after reading. */
export interface Described {
  readonly artists: CatalogRecord<ArtistValues>[];
  readonly albums: CatalogRecord<AlbumValues>[];
  readonly tracks: CatalogRecord<TrackValues>[];
  /** Of tracks that something else describes. */
  readonly audioFeatures: CatalogRecord<Pick<TrackValues, 'audioFeatures'>>[];
  /** What was left out of it, and why. */
  readonly warnings: string[];
  /** The source's own ids, by UUID: what people can look for in it. */
  readonly sourceIds: Map<string, string>;
}

/** What holds for all rows of one import. */
export interface Reading {
  /** Whose ids the source has. */
  readonly namespace: string;
  /** For tracks of which the source does not say where they may be played; null leaves them without. */
  readonly markets: readonly string[] | null;
}

export const nothingDescribed = (): Described => ({
  artists: [],
  albums: [],
  tracks: [],
  audioFeatures: [],
  warnings: [],
  sourceIds: new Map(),
});

/** The row's UUID for an id of the source, which is remembered for messages. */
export function identify(
  { namespace }: Reading,
  described: Described,
  kind: 'artist' | 'album' | 'track',
  sourceId: string,
): string {
  const id = importedUuid(namespace, kind, sourceId);
  described.sourceIds.set(id, sourceId);
  return id;
}
