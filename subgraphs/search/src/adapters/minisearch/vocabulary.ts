import SearchableMap from 'minisearch/SearchableMap';

/** A word of the vocabulary that a word of a query may mean. */
export interface Candidate {
  /** The list of the word. */
  readonly list: number;
  readonly text: string;
  /** Letters that are wrong, missing, too many, or swapped with their neighbours. */
  readonly typos: number;
  /** Whether the query's word is only the beginning of this one. */
  readonly begun: boolean;
}

type Tree = SearchableMap<number>['_tree'];

/** All words that stand in documents, each with the number of its list: MiniSearch's radix tree. */
export class Vocabulary {
  private readonly root: Tree = new Map() as Tree;
  private readonly lists = new SearchableMap<number>(this.root);

  /** @param create makes the list of a new word */
  listOf(word: string, create: () => number): number {
    return this.lists.fetch(word, create);
  }

  entries(): Iterable<[word: string, list: number]> {
    return this.lists.entries();
  }

  /**
   * The words that are like this one. MiniSearch's own fuzzy search takes swapped letters for two errors and knows whole
   * words only; this walks its tree with the optimal string alignment distance, also to the beginnings of words.
   * @param maxTypos 0 to 2
   * @param begun whether words count that only begin like this
   */
  findLike(word: string, maxTypos: number, begun: boolean): Candidate[] {
    const found: Candidate[] = [];
    const path = new Distances(word, maxTypos);

    const walk = (node: Tree, text: string, depth: number, begunTypos: number): void => {
      for (const [edge, child] of node as Map<string, number | Tree>) {
        if (typeof child === 'number') {
          const typos = path.last(depth);
          if (typos <= maxTypos && typos <= begunTypos) {
            found.push({ list: child, text, typos, begun: false });
          } else if (begunTypos <= maxTypos) {
            found.push({ list: child, text, typos: begunTypos, begun: true });
          }
        } else {
          const end = depth + edge.length;
          let fewest = begunTypos;
          let at = depth;
          while (at < end && path.step(at, edge.charCodeAt(at - depth))) {
            at += 1;
            if (begun) fewest = Math.min(fewest, path.begun(at));
          }
          if (at === end || fewest <= maxTypos) walk(child, text + edge, at === end ? end : dead, fewest);
        }
      }
    };
    walk(this.root, '', 0, dead);
    return found;
  }
}

/** More than any distance and any depth that still counts. */
const dead = 255;

/** How far the texts along a path of the tree are from all beginnings of a word: a row for each letter of the path. */
class Distances {
  private readonly word: string;
  private readonly maxTypos: number;
  private readonly width: number;
  private readonly rows: Uint8Array;
  private readonly letters: Uint16Array;

  constructor(word: string, maxTypos: number) {
    this.word = word;
    this.maxTypos = maxTypos;
    this.width = word.length + 1;
    const deepest = word.length + maxTypos + 1;
    this.rows = new Uint8Array((deepest + 1) * this.width).map((_, at) => (at < this.width ? at : 0));
    this.letters = new Uint16Array(deepest + 1);
  }

  /** From the path of this depth to the whole word. */
  last(depth: number): number {
    return depth === dead ? dead : (this.rows[depth * this.width + this.word.length] as number);
  }

  /**
   * From the path of this depth to the whole word, where the word is perhaps only begun. Its first letter has to be the
   * path's, or be swapped with the second: else far too many words would begin like it.
   */
  begun(depth: number): number {
    const distance = this.last(depth);
    if (distance === 0 || this.word.charCodeAt(0) === this.letters[0]) return distance;
    return this.word.charCodeAt(0) === this.letters[1] && this.word.charCodeAt(1) === this.letters[0]
      ? distance
      : dead;
  }

  /** Adds a letter to the path of this depth. False where no longer path can come near enough any more. */
  step(depth: number, letter: number): boolean {
    if (depth === dead) return false;
    const { rows, width, word, letters } = this;
    letters[depth] = letter;
    const before = depth * width;
    const row = before + width;
    let least = depth + 1;
    rows[row] = least;
    for (let at = 1; at < width; at++) {
      const wanted = word.charCodeAt(at - 1);
      let distance = Math.min(
        (rows[before + at - 1] as number) + (wanted === letter ? 0 : 1),
        (rows[before + at] as number) + 1,
        (rows[row + at - 1] as number) + 1,
      );
      if (depth > 0 && at > 1 && wanted === letters[depth - 1] && word.charCodeAt(at - 2) === letter) {
        distance = Math.min(distance, (rows[before - width + at - 2] as number) + 1);
      }
      rows[row + at] = distance;
      if (distance < least) least = distance;
    }
    return least <= this.maxTypos;
  }
}
