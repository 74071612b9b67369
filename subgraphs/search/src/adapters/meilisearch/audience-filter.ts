import type { Audience, SearchFilter } from '../../domain/search-index.ts';
import { marketFilter } from './stored-markets.ts';

/** In the filter language of Meilisearch: all of them must hold, of a list one. */
export function audienceFilter(audience: Audience, filter: SearchFilter | null): (string | string[])[] {
  const wanted: (string | string[])[] = [];
  if (audience.market !== null) wanted.push(marketFilter(audience.market));
  if (!audience.explicit) wanted.push('explicit = false');
  if (filter?.explicit != null) wanted.push(`explicit = ${filter.explicit}`);
  if (filter?.genreId != null) wanted.push(`genreIds = ${quoted(filter.genreId)}`);
  if (filter?.decades != null) wanted.push(`decade IN [${filter.decades.map(Number).join(', ')}]`);
  return wanted;
}

/** Ids have no other characters; what has some is the value of no document. */
function quoted(value: string): string {
  return /^[\w-]+$/.test(value) ? `"${value}"` : '""';
}
