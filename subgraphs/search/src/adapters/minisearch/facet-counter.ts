import type { Facets } from '../../domain/search-index.ts';
import { type DocumentTable, flags } from './document-table.ts';

/** Counts how documents are spread. */
export class FacetCounter {
  private readonly documents: DocumentTable;
  private readonly byGenres: Uint32Array;
  private readonly byDecade = new Uint32Array(2 ** 16);
  private explicit = 0;
  private all = 0;

  constructor(documents: DocumentTable) {
    this.documents = documents;
    this.byGenres = new Uint32Array(documents.genreSets.all().length);
  }

  count(document: number): void {
    const { genres, decades, flags: flagsOf } = this.documents.columns;
    const set = genres[document] as number;
    const decade = decades[document] as number;
    this.byGenres[set] = (this.byGenres[set] as number) + 1;
    this.byDecade[decade] = (this.byDecade[decade] as number) + 1;
    if (flagsOf[document] === flags.explicit) this.explicit += 1;
    this.all += 1;
  }

  read(): Facets {
    const genres = new Map<string, number>();
    this.documents.genreSets.all().forEach((set, number) => {
      const count = this.byGenres[number] as number;
      if (count > 0) for (const genre of set) genres.set(genre, (genres.get(genre) ?? 0) + count);
    });
    const decades = new Map<number, number>();
    this.byDecade.forEach((count, decade) => {
      if (count > 0 && decade > 0) decades.set(decade, count);
    });
    const explicit = new Map<boolean, number>();
    if (this.explicit > 0) explicit.set(true, this.explicit);
    if (this.all > this.explicit) explicit.set(false, this.all - this.explicit);
    return { genres, decades, explicit };
  }
}
