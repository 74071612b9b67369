/**
 * Lists of numbers that grow at their ends, all in one array: a million documents have some ten million entries in some
 * hundred thousand lists, most of them short, and an array each would cost more than what is in them.
 */
export class PostingLists {
  private slab: Uint32Array;
  private used = 0;
  private starts: Uint32Array;
  private lengths: Uint32Array;
  private count = 0;
  /** By power of two: where lists stood that had to move. */
  private readonly freed: number[][] = Array.from({ length: 32 }, () => []);

  constructor() {
    this.slab = new Uint32Array(1_024);
    this.starts = new Uint32Array(256);
    this.lengths = new Uint32Array(256);
  }

  /** How many lists there are: they are numbered from 0. */
  get size(): number {
    return this.count;
  }

  createList(): number {
    const list = this.count;
    if (list === this.starts.length) {
      this.starts = grown(this.starts, list * 2);
      this.lengths = grown(this.lengths, list * 2);
    }
    this.count += 1;
    return list;
  }

  length(list: number): number {
    return this.lengths[list] as number;
  }

  /** What is in the list: a view, until the next `add`. */
  entries(list: number): Uint32Array {
    const start = this.starts[list] as number;
    return this.slab.subarray(start, start + (this.lengths[list] as number));
  }

  add(list: number, entry: number): void {
    const length = this.lengths[list] as number;
    // The room of a list is the next power of two: full when its length is one.
    if ((length & (length - 1)) === 0) this.move(list, length === 0 ? 1 : length * 2);
    this.slab[(this.starts[list] as number) + length] = entry;
    this.lengths[list] = length + 1;
  }

  /** Leaves only these entries. */
  retain(keeps: (entry: number) => boolean): void {
    const old = { slab: this.slab, starts: this.starts, lengths: this.lengths };
    this.slab = new Uint32Array(Math.max(1_024, this.used));
    this.used = 0;
    this.starts = new Uint32Array(old.starts.length);
    this.lengths = new Uint32Array(old.lengths.length);
    for (const free of this.freed) free.length = 0;
    for (let list = 0; list < this.count; list++) {
      const start = old.starts[list] as number;
      const end = start + (old.lengths[list] as number);
      for (let at = start; at < end; at++) {
        const entry = old.slab[at] as number;
        if (keeps(entry)) this.add(list, entry);
      }
    }
  }

  private move(list: number, room: number): void {
    const length = this.lengths[list] as number;
    const from = this.starts[list] as number;
    const to = this.place(room);
    this.slab.copyWithin(to, from, from + length);
    if (length > 0) this.freed[Math.log2(length)]?.push(from);
    this.starts[list] = to;
  }

  private place(room: number): number {
    const free = this.freed[Math.log2(room)]?.pop();
    if (free !== undefined) return free;
    const start = this.used;
    this.used += room;
    if (this.used > this.slab.length) this.slab = grown(this.slab, Math.max(this.used, this.slab.length * 2));
    return start;
  }
}

function grown(array: Uint32Array, length: number): Uint32Array {
  const larger = new Uint32Array(length);
  larger.set(array);
  return larger;
}
