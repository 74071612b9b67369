/** Beginnings of words up to this length are answered from memory: they begin so many words that searching takes long. */
export const shortBeginning = 2;

/** The best titles for the first letters that somebody types, until one of them changes. */
export class ShortBeginnings {
  /** Keys, the greatest first. */
  private readonly best = new Map<string, Float64Array>();

  /** @param find is asked when nothing is remembered */
  get(beginning: string, find: () => Float64Array): Float64Array {
    const known = this.best.get(beginning) ?? find();
    this.best.set(beginning, known);
    return known;
  }

  /** Forgets what a title with this word may be among. */
  forget(word: string): void {
    for (let length = 1; length <= shortBeginning; length++) this.best.delete(word.slice(0, length));
  }

  clear(): void {
    this.best.clear();
  }
}
