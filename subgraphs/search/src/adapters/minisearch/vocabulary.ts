import SearchableMap from 'minisearch/SearchableMap';
import { Alignment, dead } from './alignment.ts';

/** Words of the vocabulary that a word of a query may mean, all in the same way. */
export interface Likeness {
  /** Letters that are wrong, missing, too many, or swapped with their neighbours. */
  readonly typos: number;
  /** Whether the query's word is only the beginning of these. */
  readonly begun: boolean;
  /** The lists of the words, in no order. */
  readonly lists: readonly number[];
}

type Tree = SearchableMap<number>['_tree'];

/** The beginnings of which all words are remembered: the shorter, the more words there are. */
const longestRemembered = 2;

/** All words that stand in documents, each with the number of its list: MiniSearch's radix tree. */
export class Vocabulary {
  private readonly root: Tree = new Map() as Tree;
  private readonly words = new SearchableMap<number>(this.root);
  /** By their first letters: the lists of all words that begin like this. */
  private readonly begunLike = new Map<string, number[]>();

  /** @param create makes the list of a new word */
  listOf(word: string, create: () => number): number {
    return this.words.fetch(word, () => {
      const list = create();
      for (let length = 1; length <= Math.min(longestRemembered, word.length); length++) {
        this.begunLike.get(word.slice(0, length))?.push(list);
      }
      return list;
    });
  }

  entries(): Iterable<[word: string, list: number]> {
    return this.words.entries();
  }

  /**
   * The words that are like this one, the most alike first.
   * @param maxTypos 0 to 2
   * @param begun whether words count that only begin like this
   */
  findLike(word: string, maxTypos: number, begun: boolean): Likeness[] {
    if (maxTypos > 0) return this.findAligned(word, maxTypos, begun);
    const list = this.words.get(word);
    return [
      { typos: 0, begun: false, lists: list === undefined ? [] : [list] },
      { typos: 0, begun: true, lists: begun ? this.findBegun(word) : [] },
    ];
  }

  /** The word itself is among them. */
  private findBegun(word: string): readonly number[] {
    const remembered = this.begunLike.get(word);
    if (remembered) return remembered;
    const lists: number[] = [];
    collect(this.words.atPrefix(word)._tree, lists);
    if (word.length <= longestRemembered) this.begunLike.set(word, lists);
    return lists;
  }

  /**
   * MiniSearch's own fuzzy search takes swapped letters for two errors and knows whole words only; this walks its tree with
   * an alignment that knows better.
   */
  private findAligned(word: string, maxTypos: number, begun: boolean): Likeness[] {
    const likenesses = Array.from({ length: (maxTypos + 1) * 2 }, (_, rank) => ({
      typos: rank >> 1,
      begun: rank % 2 === 1,
      lists: [] as number[],
    }));
    const alignment = new Alignment(word, maxTypos);

    const walk = (node: Tree, depth: number, begunTypos: number): void => {
      for (const [edge, child] of node as Map<string, number | Tree>) {
        if (typeof child === 'number') {
          const typos = alignment.whole(depth);
          const rank = Math.min(typos * 2, begunTypos * 2 + 1);
          likenesses[rank]?.lists.push(child);
          continue;
        }
        const end = depth + edge.length;
        let fewest = begunTypos;
        let at = depth;
        while (at < end && alignment.step(at, edge.charCodeAt(at - depth))) {
          at += 1;
          if (begun) fewest = Math.min(fewest, alignment.begun(at));
        }
        if (at === end) walk(child, end, fewest);
        else if (fewest <= maxTypos) collect(child, likenesses[fewest * 2 + 1]?.lists ?? []);
      }
    };
    walk(this.root, 0, dead);
    return likenesses;
  }
}

/** Adds all that is in a tree. */
function collect(node: Tree, lists: number[]): void {
  for (const child of (node as Map<string, number | Tree>).values()) {
    if (typeof child === 'number') lists.push(child);
    else collect(child, lists);
  }
}
