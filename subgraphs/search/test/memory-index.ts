import { type DocumentKind, documentKinds, type SearchDocument } from '../src/domain/search-document.ts';
import {
  type FreshIndex,
  type IndexChanges,
  type IndexedHit,
  type IndexState,
  IndexUnavailableError,
  type IndexWriter,
  NothingBuiltError,
  type Positions,
  type SearchIndex,
  type SearchQuery,
} from '../src/domain/search-index.ts';

interface Generation {
  readonly name: string;
  builtAt: Date;
  readonly documents: Map<string, SearchDocument>;
  positions: Positions;
}

/** What is wrong with the index. */
export type IndexFault = 'away' | 'slow' | 'hangs' | 'broken' | null;

/** An index in memory that finds by parts of words, remembers what it was asked, and fails when told to. */
export class MemoryIndex implements SearchIndex, IndexWriter {
  fault: IndexFault = null;
  readonly searches: (readonly SearchQuery[])[] = [];
  readonly writes: IndexChanges[] = [];
  /** Runs before each write into the index that answers. */
  beforeWrite: (changes: IndexChanges) => void | Promise<void> = () => {};
  /** Runs before a fresh index takes the place of the one that answers. */
  beforeSwap: () => void | Promise<void> = () => {};
  #live: Generation | null = null;
  #fresh: Generation | null = null;
  #built = 0;
  #incarnation = 0;
  readonly #clock: () => number;

  constructor(documents?: readonly SearchDocument[], { clock = Date.now, positions = {} as Positions } = {}) {
    this.#clock = clock;
    if (!documents) return;
    this.#live = this.#begin();
    this.#live.positions = positions;
    for (const document of documents) this.#live.documents.set(document.id, document);
  }

  async search(queries: readonly SearchQuery[]) {
    this.searches.push(queries);
    await this.#work();
    return queries.map((query) => {
      const hits = this.#find(query);
      const counts = <Key>(keysOf: (document: SearchDocument) => readonly Key[]) => {
        const map = new Map<Key, number>();
        for (const { id } of hits)
          for (const key of keysOf(this.document(id) as SearchDocument))
            map.set(key, (map.get(key) ?? 0) + 1);
        return map;
      };
      return {
        hits: hits.slice(query.offset, query.offset + query.limit),
        generation: this.#live?.name ?? 'none',
        facets: query.facets
          ? {
              genres: counts(({ genreIds }) => genreIds),
              decades: counts(({ decade }) => (decade === null ? [] : [decade])),
              explicit: counts(({ explicit }) => [explicit]),
            }
          : null,
      };
    });
  }

  async suggest({ prefix, audience, limit }: Parameters<SearchIndex['suggest']>[0]) {
    await this.#work();
    const filter = { genreId: null, decades: null, explicit: null };
    return documentKinds
      .filter((kind) => kind !== 'playlist')
      .flatMap((kind) =>
        this.#find({ kind, text: prefix, audience, filter, offset: 0, limit: 0, facets: false }),
      )
      .filter(({ highlights }) => highlights[0]?.start === 0)
      .toSorted((a, b) => b.popularity - a.popularity)
      .slice(0, limit);
  }

  async readState(): Promise<IndexState> {
    await this.#work();
    const counts = { track: 0, artist: 0, album: 0, playlist: 0 } satisfies Record<DocumentKind, number>;
    for (const { kind } of this.#live?.documents.values() ?? []) counts[kind] += 1;
    return {
      generation: this.#live?.name ?? null,
      builtAt: this.#live?.builtAt ?? null,
      counts,
      positions: this.#live?.positions ?? {},
      incarnation: String(this.#incarnation),
    };
  }

  async write(changes: IndexChanges) {
    await this.#work();
    await this.beforeWrite(changes);
    if (!this.#live) throw new NothingBuiltError();
    this.writes.push(changes);
    apply(this.#live, changes);
  }

  async beginRebuild(): Promise<FreshIndex> {
    await this.#work();
    const fresh = this.#begin();
    this.#fresh = fresh;
    const use = async () => {
      await this.#work();
      if (this.#fresh !== fresh) throw new IndexUnavailableError('another rebuild was begun');
    };
    return {
      write: async (changes) => {
        await use();
        apply(fresh, changes);
      },
      swap: async () => {
        await use();
        await this.beforeSwap();
        fresh.builtAt = new Date(this.#clock());
        this.#live = fresh;
        this.#fresh = null;
      },
      discard: async () => {
        if (this.#fresh === fresh) this.#fresh = null;
      },
    };
  }

  /** Whether an index lies about that was begun and neither swapped in nor thrown away. */
  get hasUnfinished(): boolean {
    return this.#fresh !== null;
  }

  document(id: string): SearchDocument | undefined {
    return this.#live?.documents.get(id);
  }

  /** The titles of what is in the index, sorted. */
  titles(): string[] {
    return [...(this.#live?.documents.values() ?? [])].map(({ title }) => title).sort();
  }

  /** What could be put back later. */
  copy(): () => void {
    const { documents, positions, ...rest } = this.#live as Generation;
    const kept = { ...rest, positions, documents: new Map(documents) };
    return () => {
      this.#live = { ...kept, documents: new Map(kept.documents) };
      this.#incarnation += 1;
    };
  }

  /** As if its disk had been lost. */
  lose(): void {
    this.#live = null;
  }

  #begin(): Generation {
    this.#built += 1;
    const name = `generation-${this.#built}`;
    return { name, builtAt: new Date(this.#clock()), documents: new Map(), positions: {} };
  }

  #find({ kind, text, audience, filter }: SearchQuery): IndexedHit[] {
    const wanted = text.toLowerCase();
    return [...(this.#live?.documents.values() ?? [])]
      .filter((document) => document.kind === kind && isFor(document, audience) && holds(document, filter))
      .flatMap((document) => {
        const start = document.title.toLowerCase().indexOf(wanted);
        const inOthers = [...document.artistNames, document.albumTitle ?? ''].some((other) =>
          other.toLowerCase().includes(wanted),
        );
        if (start < 0 && !inOthers) return [];
        return [
          {
            id: document.id,
            kind,
            title: document.title,
            highlights: start < 0 ? [] : [{ start, end: start + wanted.length }],
            score: start < 0 ? 0.2 : document.title.length === wanted.length ? 1 : 0.5,
            popularity: document.popularity,
          },
        ];
      })
      .sort((a, b) => b.score - a.score || b.popularity - a.popularity || (a.id < b.id ? -1 : 1));
  }

  async #work(): Promise<void> {
    if (this.fault === 'away') throw new IndexUnavailableError('http://index.internal:7700 refused');
    if (this.fault === 'slow') throw new IndexUnavailableError('too slow', { timedOut: true });
    if (this.fault === 'broken') throw new TypeError('a bug of the adapter');
    if (this.fault === 'hangs') await new Promise(() => {});
  }
}

function apply(generation: Generation, { put, remove, positions }: IndexChanges): void {
  for (const document of put) generation.documents.set(document.id, document);
  for (const id of remove) generation.documents.delete(id);
  generation.positions = { ...generation.positions, ...positions };
}

const isFor = (document: SearchDocument, { market, explicit }: SearchQuery['audience']) =>
  (market === null || document.markets === null || document.markets.includes(market)) &&
  (explicit || !document.explicit);

const holds = (document: SearchDocument, { genreId, decades, explicit }: SearchQuery['filter']) =>
  (genreId === null || document.genreIds.includes(genreId)) &&
  (decades === null || (document.decade !== null && decades.includes(document.decade))) &&
  (explicit === null || document.explicit === explicit);
