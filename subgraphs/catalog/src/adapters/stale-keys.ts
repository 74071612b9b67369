import { decodeId, type IdKind, idKindOf } from '@medley/ids';
import { z } from 'zod';
import type { CatalogChange } from '../domain/change-log.ts';

/** What changes made untrue: rows and their links by UUID, and what is read by something else. */
export interface StaleKeys {
  readonly artists: readonly string[];
  readonly albums: readonly string[];
  readonly tracks: readonly string[];
  readonly genres: readonly string[];
  readonly genreSlugs: readonly string[];
  /** Albums whose totals are others now. */
  readonly totals: readonly string[];
}

/** A change does not tell what a genre's slug was before it, so that one is not among these. */
export function staleKeys(changes: readonly CatalogChange[]): StaleKeys {
  const uuids = (kind: IdKind, keys: readonly string[]) => [
    ...new Set(keys.filter((key) => idKindOf(key) === kind).map((key) => decodeId(key, kind))),
  ];
  const keys = changes.map(({ key }) => key);
  const told = changes.map(({ data }) => changeData.safeParse(data).data);
  return {
    artists: uuids('artist', keys),
    albums: uuids('album', keys),
    tracks: uuids('track', keys),
    genres: uuids('genre', keys),
    genreSlugs: [...new Set(told.flatMap((data) => data?.slug ?? []))],
    totals: uuids(
      'album',
      told.flatMap((data) => [...(data?.album ? [data.album.id] : []), ...(data?.left ?? [])]),
    ),
  };
}

/** Of a genre its slug; of a track its album, and what it was part of before. */
const changeData = z.object({
  slug: z.string().optional(),
  album: z.object({ id: z.string() }).nullish(),
  left: z.array(z.string()).optional(),
});
