/** How late things came, in steps of one percent: it needs the same room for a thousand and for ten million. */
export class Lateness {
  readonly #counts: Uint32Array;

  constructor(counts: ArrayLike<number> = new Uint32Array(steps)) {
    this.#counts = Uint32Array.from(counts);
  }

  note(us: number): void {
    const step = Math.min(steps - 1, Math.max(0, Math.floor(Math.log(Math.max(us, 1)) / logOfStep)));
    this.#counts[step] = (this.#counts[step] as number) + 1;
  }

  get count(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  /** In milliseconds, right within one percent; NaN when nothing was noted. */
  percentileMs(percent: number): number {
    let left = Math.ceil((this.count * percent) / 100);
    if (left === 0) return Number.NaN;
    const step = this.#counts.findIndex((count) => {
      left -= count;
      return left <= 0;
    });
    return Math.exp((step + 0.5) * logOfStep) / 1_000;
  }

  plus(other: Lateness): Lateness {
    return new Lateness(this.#counts.map((count, step) => count + (other.#counts[step] as number)));
  }

  /** For the way to another process, and `new Lateness`. */
  toJSON(): number[] {
    return [...this.#counts];
  }
}

const logOfStep = Math.log(1.01);
// Up to a minute.
const steps = Math.ceil(Math.log(60_000_000) / logOfStep);
