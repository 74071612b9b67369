/** Items with their scores, best first; of equal scores the smaller index is the better one. */
export interface RankedItems {
  readonly items: Uint32Array;
  readonly scores: Float32Array;
}

/** Keeps the best of what it is offered, in a heap whose root is the worst of them. */
export class TopSelector {
  readonly #items: Uint32Array;
  readonly #scores: Float64Array;
  #length = 0;

  /** @param most how many it keeps, at least 1 */
  constructor(most: number) {
    if (!(Number.isInteger(most) && most >= 1))
      throw new RangeError(`expected a whole number from 1 of items to keep, got ${most}`);
    this.#items = new Uint32Array(most);
    this.#scores = new Float64Array(most);
  }

  /** How many are kept now. */
  get length(): number {
    return this.#length;
  }

  offer(item: number, score: number): void {
    const [items, scores] = [this.#items, this.#scores];
    if (this.#length < items.length) {
      this.#rise(this.#length++, item, score);
    } else {
      const worst = scores[0] as number;
      if (score < worst || (score === worst && item > (items[0] as number))) return;
      this.#sink(item, score);
    }
  }

  /** Writes what is kept from `at` on, best first, and is empty again. Returns how many they were. */
  drain(items: Uint32Array, scores: Float32Array | Float64Array, at: number): number {
    const length = this.#length;
    for (let place = at + length - 1; place >= at; place -= 1) {
      items[place] = this.#items[0] as number;
      scores[place] = this.#scores[0] as number;
      this.#length -= 1;
      const last = this.#length;
      if (last > 0) this.#sink(this.#items[last] as number, this.#scores[last] as number);
    }
    return length;
  }

  #rise(from: number, item: number, score: number): void {
    const [items, scores] = [this.#items, this.#scores];
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = scores[parent] as number;
      if (above < score || (above === score && (items[parent] as number) > item)) break;
      items[at] = items[parent] as number;
      scores[at] = above;
      at = parent;
    }
    items[at] = item;
    scores[at] = score;
  }

  /** Puts something in the place of the root, and the worst of all to the root. */
  #sink(item: number, score: number): void {
    const [items, scores, length] = [this.#items, this.#scores, this.#length];
    let at = 0;
    for (let child = 1; child < length; child = 2 * at + 1) {
      const right = child + 1;
      if (right < length) {
        const [left, other] = [scores[child] as number, scores[right] as number];
        if (other < left || (other === left && (items[right] as number) > (items[child] as number)))
          child = right;
      }
      const below = scores[child] as number;
      if (below > score || (below === score && (items[child] as number) < item)) break;
      items[at] = items[child] as number;
      scores[at] = below;
      at = child;
    }
    items[at] = item;
    scores[at] = score;
  }
}
