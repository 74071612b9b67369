/** More than any distance and any depth that still counts. */
export const dead = 255;

/**
 * How many typing errors it takes to make one word of another, by the optimal string alignment distance: two letters that
 * changed places are one error. The other word is given letter by letter, and may go back to try another one.
 */
export class Alignment {
  private readonly word: string;
  private readonly maxTypos: number;
  private readonly width: number;
  /** For each letter of the path the distances to all beginnings of the word. */
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

  /** The errors between the path of this depth and the word. */
  whole(depth: number): number {
    return depth === dead ? dead : (this.rows[depth * this.width + this.word.length] as number);
  }

  /**
   * The errors when more letters may follow. The first letter has to be right, or swapped with the second: else far too
   * many words would begin like it.
   */
  begun(depth: number): number {
    const { word, letters } = this;
    const errors = this.whole(depth);
    if (errors === 0 || word.charCodeAt(0) === letters[0]) return errors;
    const swapped = depth > 1 && word.charCodeAt(0) === letters[1] && word.charCodeAt(1) === letters[0];
    return swapped ? errors : dead;
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
