import { createMarker } from './marker.ts';

/** One thing that changes: how it is now, and who waits for its next change. */
export class Bell {
  sequence = 0;
  marker = createMarker(0);
  readonly #listeners = new Set<() => void>();

  ring(): void {
    this.sequence += 1;
    this.marker = createMarker(this.sequence);
    for (const listener of this.#listeners) listener();
  }

  /** @returns a function that ends it */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when it is beyond this number, or the signal is aborted. */
  async beyond(sequence: number, signal: AbortSignal): Promise<void> {
    if (this.sequence > sequence || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = () => {
        leave();
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const leave = this.listen(wake);
      signal.addEventListener('abort', wake);
    });
  }
}

/** The playlist that many listen to, and what each of the others listens to for himself. */
export interface Bells {
  readonly playlist: Bell;
  readonly own: readonly Bell[];
}

export const createBells = (own: number): Bells => ({
  playlist: new Bell(),
  own: Array.from({ length: own }, () => new Bell()),
});

/** How often what changes. */
export interface Beat {
  readonly seconds: number;
  readonly playlistPerSecond: number;
  /** Of all together, in turns. */
  readonly ownPerSecond: number;
}

/** The numbers of the last changes. */
export interface Sequences {
  readonly playlist: number;
  readonly own: readonly number[];
}

/** Rings them as the beat says, until its time is over. */
export async function playBeat(bells: Bells, beat: Beat): Promise<Sequences> {
  const startedAt = performance.now();
  const rung = { playlist: 0, own: 0 };
  for (;;) {
    const seconds = Math.min((performance.now() - startedAt) / 1_000, beat.seconds);
    for (; rung.playlist < Math.floor(seconds * beat.playlistPerSecond); rung.playlist += 1)
      bells.playlist.ring();
    for (; rung.own < Math.floor(seconds * beat.ownPerSecond); rung.own += 1)
      bells.own[rung.own % bells.own.length]?.ring();
    if (seconds === beat.seconds) break;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return { playlist: bells.playlist.sequence, own: bells.own.map(({ sequence }) => sequence) };
}
