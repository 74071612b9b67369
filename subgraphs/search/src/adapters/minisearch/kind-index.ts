import type { SearchDocument } from '../../domain/search-document.ts';
import { DocumentTable } from './document-table.ts';
import { PostingLists } from './posting-lists.ts';
import { hashOf } from './ranking.ts';
import { ShortBeginnings } from './short-beginnings.ts';
import { Vocabulary } from './vocabulary.ts';
import { longestWord, type Word, wordsOf } from './words.ts';

/** Where a word stands. In the order of their worth. */
export const fields = { title: 0, artists: 1, rest: 2 } as const;

/**
 * The documents of one kind, by their words. An entry in a word's list is a document's number, the field, and the place
 * in the title: `number << 8 | field << 6 | position`.
 */
export class KindIndex {
  readonly documents = new DocumentTable();
  readonly vocabulary = new Vocabulary();
  readonly lists = new PostingLists();
  readonly shortBeginnings = new ShortBeginnings();

  /** Puts it in, or in place of what has its id. */
  put(document: SearchDocument): void {
    this.remove(document.id);
    const title = wordsOf(document.title);
    const inOrder = title.filter((word) => !word.alias).map((word) => word.text);
    const number = this.documents.add(document, inOrder.length, hashOf(inOrder));
    const seen = new Set<string>();
    for (const { text } of title) this.shortBeginnings.forget(text);
    this.addWords(number, fields.title, title, seen);
    if (document.kind === 'artist') this.addJoinedName(number, inOrder, seen);
    for (const name of document.artistNames) this.addWords(number, fields.artists, wordsOf(name), seen);
    for (const text of [document.albumTitle, document.description]) {
      if (text !== null) this.addWords(number, fields.rest, wordsOf(text), seen);
    }
  }

  remove(id: string): void {
    this.documents.remove(id);
    // Lists still have it. To take it out of each would mean to search all that are longest, so that waits for more.
    if (this.documents.removedCount > 1_000 + this.documents.size / 8) this.sweep();
  }

  /** Takes out of the lists what was removed. */
  sweep(): void {
    if (this.documents.removedCount === 0) return;
    const { ids } = this.documents;
    this.lists.retain((entry) => ids[entry >>> 8] !== null);
    this.documents.forgetRemoved();
    // They know documents by number, and these numbers are given to others now.
    this.shortBeginnings.clear();
  }

  private addWords(number: number, field: number, words: readonly Word[], seen: Set<string>): void {
    for (const { text, position } of words) this.addWord(number, field, text, position, seen);
  }

  /** A word counts where it stands first and in the best field. */
  private addWord(number: number, field: number, text: string, position: number, seen: Set<string>): void {
    if (seen.has(text)) return;
    seen.add(text);
    const list = this.vocabulary.listOf(text, () => this.lists.createList());
    this.lists.add(list, ((number << 8) | (field << 6) | Math.min(position, 63)) >>> 0);
  }

  /** So that `daftpunk` finds Daft Punk. */
  private addJoinedName(number: number, words: readonly string[], seen: Set<string>): void {
    const joined = words.join('');
    if (words.length < 2 || joined.length > longestWord) return;
    this.addWord(number, fields.title, joined, 0, seen);
  }
}
