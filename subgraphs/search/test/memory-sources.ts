import type { SearchDocument } from '../src/domain/search-document.ts';
import type { DocumentSource, SourceChange } from '../src/domain/source.ts';
import { aDocument, idOf } from './documents.ts';

/** A source in memory: how its documents follow from its rows is told by who extends it. */
abstract class MemorySource implements DocumentSource {
  abstract readonly name: string;
  /** Makes every question fail. */
  away = false;
  /** Runs before a page of `allDocuments` is read, with its number from 0. */
  beforePage: (page: number) => void | Promise<void> = () => {};
  /** Runs before changes are read. */
  beforeChanges: (position: string) => void | Promise<void> = () => {};
  pageSize = 2;
  readonly #changes: SourceChange[] = [];
  readonly #clock: () => number;

  constructor({ clock = Date.now }: { clock?: () => number } = {}) {
    this.#clock = clock;
  }

  protected abstract documents(): readonly SearchDocument[];
  protected abstract dependents(id: string): readonly string[];

  protected changed(id: string, partOf: readonly string[] = []): void {
    const position = String(this.#changes.length + 1);
    const isNew = !this.#changes.some((change) => change.id === id);
    this.#changes.push({ position, id, partOf, isNew, time: new Date(this.#clock()) });
  }

  /** As if everything that ever changed were told again. */
  replay(): void {
    for (const { id, partOf } of [...this.#changes].reverse()) this.changed(id, partOf);
  }

  get lastPosition(): string {
    return String(this.#changes.length);
  }

  async readLastPosition() {
    this.#answer();
    return this.lastPosition;
  }

  async changesSince(position: string, limit: number) {
    await this.beforeChanges(position);
    this.#answer();
    return this.#changes.slice(Number(position), Number(position) + limit);
  }

  async findDocuments(ids: readonly string[]) {
    this.#answer();
    return this.documents().filter(({ id }) => ids.includes(id));
  }

  async *dependentsOf(id: string) {
    const ids = this.dependents(id);
    for (let start = 0; start < ids.length; start += this.pageSize) {
      this.#answer();
      yield ids.slice(start, start + this.pageSize);
    }
  }

  async *allDocuments() {
    for (let page = 0; ; page += 1) {
      await this.beforePage(page);
      this.#answer();
      const documents = this.documents().slice(page * this.pageSize, (page + 1) * this.pageSize);
      if (documents.length === 0) return;
      yield documents;
    }
  }

  #answer(): void {
    if (this.away) throw new Error(`${this.name} is away`);
  }
}

/** Artists and their tracks. Ids are made of numbers. */
export class MemoryCatalog extends MemorySource {
  readonly name = 'catalog';
  readonly #artists = new Map<string, string>();
  readonly #tracks = new Map<string, { title: string; artistId: string; markets: readonly string[] }>();

  putArtist(number: number, name: string): string {
    const id = idOf('artist', number);
    this.#artists.set(id, name);
    this.changed(id);
    return id;
  }

  putTrack(number: number, title: string, artistId: string, markets: readonly string[] = ['DE']): string {
    const id = idOf('track', number);
    this.#tracks.set(id, { title, artistId, markets });
    this.changed(id, [artistId]);
    return id;
  }

  deleteTrack(id: string): void {
    const artistId = this.#tracks.get(id)?.artistId as string;
    this.#tracks.delete(id);
    this.changed(id, [artistId]);
  }

  protected documents() {
    const artists = [...this.#artists].map(([id, name]) => {
      const tracks = [...this.#tracks.values()].filter(({ artistId }) => artistId === id);
      return aDocument('artist', name, {
        id,
        markets: [...new Set(tracks.flatMap(({ markets }) => markets))],
      });
    });
    const tracks = [...this.#tracks].map(([id, { title, artistId, markets }]) =>
      aDocument('track', title, { id, markets, artistNames: [this.#artists.get(artistId) ?? ''] }),
    );
    return [...artists, ...tracks];
  }

  protected dependents(id: string) {
    return [...this.#tracks].filter(([, { artistId }]) => artistId === id).map(([track]) => track);
  }
}

export class MemoryPlaylists extends MemorySource {
  readonly name = 'playlists';
  readonly #playlists = new Map<string, { name: string; isPublic: boolean }>();

  put(number: number, name: string, isPublic = true): string {
    const id = idOf('playlist', number);
    this.#playlists.set(id, { name, isPublic });
    this.changed(id);
    return id;
  }

  protected documents() {
    return [...this.#playlists]
      .filter(([, { isPublic }]) => isPublic)
      .map(([id, { name }]) => aDocument('playlist', name, { id }));
  }

  protected dependents() {
    return [];
  }
}
