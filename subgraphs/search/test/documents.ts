import { encodeId, type IdKind } from '@medley/ids';
import type { DocumentKind, SearchDocument } from '../src/domain/search-document.ts';

/** A public id that is always the same for the same number. */
export const idOf = (kind: IdKind, number: number) =>
  encodeId(kind, `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`);

let made = 0;

/** A document; ids count up unless given. */
export function aDocument(
  kind: DocumentKind,
  title: string,
  rest: Partial<SearchDocument> = {},
): SearchDocument {
  made += 1;
  return {
    id: idOf(kind, 1_000_000 + made),
    kind,
    title,
    description: null,
    artistNames: [],
    albumTitle: null,
    genreIds: [],
    decade: null,
    explicit: false,
    markets: null,
    popularity: 0,
    ...rest,
  };
}
