import { type DocumentKind, documentKinds } from '../../domain/search-document.ts';
import type {
  IndexChanges,
  IndexedHit,
  IndexState,
  Positions,
  SearchPage,
  SearchQuery,
  SuggestQuery,
} from '../../domain/search-index.ts';
import { KindIndex } from './kind-index.ts';
import { searchKind } from './kind-search.ts';
import { Matching } from './matching.ts';
import { suggestFrom } from './suggestions.ts';

/** A whole index in memory: all kinds, and how far it follows its sources. */
export class EmbeddedIndex {
  readonly kinds: Readonly<Record<DocumentKind, KindIndex>>;
  generation: string | null = null;
  builtAt: Date | null = null;
  positions: Positions = {};
  private readonly matching = new Matching();

  constructor(kinds: Readonly<Record<DocumentKind, KindIndex>> = createKinds()) {
    this.kinds = kinds;
  }

  search(queries: readonly SearchQuery[]): SearchPage[] {
    const generation = this.generation ?? '';
    return queries.map((query) => ({
      ...searchKind(this.kinds[query.kind], query, this.matching),
      generation,
    }));
  }

  suggest(query: SuggestQuery): IndexedHit[] {
    return suggestFrom(this.kinds, query, this.matching);
  }

  write({ put, remove, positions }: IndexChanges): void {
    for (const document of put) this.kinds[document.kind].put(document);
    for (const id of remove) for (const kind of documentKinds) this.kinds[kind].remove(id);
    this.positions = { ...this.positions, ...positions };
  }

  readState(): IndexState {
    const counts = Object.fromEntries(
      documentKinds.map((kind) => [kind, this.kinds[kind].documents.size]),
    ) as Record<DocumentKind, number>;
    return { generation: this.generation, builtAt: this.builtAt, counts, positions: this.positions };
  }
}

function createKinds(): Record<DocumentKind, KindIndex> {
  return {
    track: new KindIndex(),
    artist: new KindIndex(),
    album: new KindIndex(),
    playlist: new KindIndex(),
  };
}
