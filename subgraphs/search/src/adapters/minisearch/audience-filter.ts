import type { Audience, SearchFilter } from '../../domain/search-index.ts';
import { type DocumentTable, flags as flagsOfDocuments } from './document-table.ts';

/** Tells by its number whether a document is there and may be found. */
export type Admits = (document: number) => boolean;

export function createAudienceFilter(
  documents: DocumentTable,
  audience: Audience,
  filter: SearchFilter | null,
): Admits {
  const { markets, genres, decades, flags } = documents.columns;
  const allowed = audience.market === null ? null : documents.marketSets.having(audience.market);
  const genre = filter?.genreId == null ? null : documents.genreSets.having(filter.genreId);
  const wantedDecades = filter?.decades ? new Set(filter.decades) : null;
  const explicit = filter?.explicit ?? null;
  const never = !audience.explicit && explicit === true;

  return (document) => {
    const flag = flags[document] as number;
    if (never || flag === removed) return false;
    if (allowed && markets[document] !== 0 && allowed[markets[document] as number] !== 1) return false;
    if (flag === explicitly && !audience.explicit) return false;
    if (explicit !== null && explicit !== (flag === explicitly)) return false;
    if (genre && genre[genres[document] as number] !== 1) return false;
    return wantedDecades === null || wantedDecades.has(decades[document] as number);
  };
}

const { removed, explicit: explicitly } = flagsOfDocuments;
