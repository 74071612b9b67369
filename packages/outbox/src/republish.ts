import { newUuid } from '@medley/ids';
import { createPause } from './pause.ts';
import type { Relay } from './relay.ts';
import type { RelayStore } from './relay-store.ts';

export interface RepublishOptions {
  readonly topic: string;
  readonly store: Pick<RelayStore, 'findRepublication' | 'requestRepublication' | 'cancelRepublication'>;
  /** Starts a relay of this topic: the one that does it where no other process relays. */
  readonly startRelay: () => Relay;
  /**
   * Begins after this key, as `Republished.after` gave it, or with all for null. Left out, it goes on with a republication that
   * was not finished, and begins a new one when there is none.
   */
  readonly from?: string | null;
  /** Told about twice a second. */
  readonly onProgress?: (progress: Omit<Republished, 'finished'>) => void;
  /** Calls it off. */
  readonly signal?: AbortSignal;
}

export interface Republished {
  /** States that were sent, since it began. */
  readonly published: number;
  /** After which key to go on; null when nothing was sent yet. */
  readonly after: string | null;
  /** False when it was called off. */
  readonly finished: boolean;
}

/**
 * Sends all states again, as they are now and with the ids of the events that told them first, so that a topic tells also
 * what is older than the log. The relay does it, between what is new, so that no older state comes after a newer one: who calls
 * this asks for it in the database and waits. Killed, it goes on when it is called again.
 * @throws Error when somebody else asked for another one meanwhile
 */
export async function republish(options: RepublishOptions): Promise<Republished> {
  const { topic, store, startRelay, from, onProgress, signal } = options;
  const underway = await store.findRepublication(topic);
  const goesOn = from === undefined && underway !== null && !underway.finished;
  const id = goesOn ? underway.id : newUuid();
  if (!goesOn) await store.requestRepublication(topic, { id, after: from ?? null });
  const relay = startRelay();
  const calledOff = signal ?? new AbortController().signal;
  const pause = createPause(calledOff);
  try {
    while (true) {
      const now = await store.findRepublication(topic);
      if (now?.id !== id) throw new Error(`somebody else asked to republish ${topic}, or called it off`);
      const { published, after, finished } = now;
      onProgress?.({ published, after });
      if (finished) return { published, after, finished };
      if (calledOff.aborted) {
        await store.cancelRepublication(topic, id);
        return { published, after, finished: false };
      }
      await pause.sleep(500);
    }
  } finally {
    await relay.stop();
  }
}
