/** The greatest of many numbers, of which only so many are kept: a heap with the least of them on top. */
export class TopKeys {
  private readonly heap: Float64Array;
  private count = 0;

  /** @param size how many to keep, from 1 */
  constructor(size: number) {
    this.heap = new Float64Array(size);
  }

  offer(key: number): void {
    const { heap } = this;
    if (this.count < heap.length) {
      this.rise(this.count, key);
      this.count += 1;
    } else if (key > (heap[0] as number)) {
      this.sink(key);
    }
  }

  /** What was kept, the greatest first. */
  descending(): Float64Array {
    return this.heap.slice(0, this.count).sort().reverse();
  }

  private rise(from: number, key: number): void {
    const { heap } = this;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((heap[parent] as number) <= key) break;
      heap[at] = heap[parent] as number;
      at = parent;
    }
    heap[at] = key;
  }

  private sink(key: number): void {
    const { heap, count } = this;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= count) break;
      if (child + 1 < count && (heap[child + 1] as number) < (heap[child] as number)) child += 1;
      if ((heap[child] as number) >= key) break;
      heap[at] = heap[child] as number;
      at = child;
    }
    heap[at] = key;
  }
}
