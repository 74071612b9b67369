import type { Stall } from './measurement.ts';

const mostStalls = 100;
const longestMs = 3_600_000;

/** Keeps the stalls of one play: the longest 100 of them, in their order. */
export class Stalls {
  readonly #kept: Stall[] = [];

  add(atMs: number, lengthMs: number): void {
    const stall = { atMs: Math.round(atMs), lengthMs: Math.min(Math.round(lengthMs), longestMs) };
    if (stall.lengthMs <= 0) return;
    this.#kept.push(stall);
    if (this.#kept.length > mostStalls) this.#dropShortest();
  }

  list(): readonly Stall[] {
    return [...this.#kept];
  }

  #dropShortest(): void {
    const shortest = Math.min(...this.#kept.map(({ lengthMs }) => lengthMs));
    this.#kept.splice(
      this.#kept.findIndex(({ lengthMs }) => lengthMs === shortest),
      1,
    );
  }
}
