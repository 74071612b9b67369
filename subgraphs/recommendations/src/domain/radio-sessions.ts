import type { Grounds } from './provenance.ts';

/** A track that a radio has served. */
export interface RadioItem extends Grounds {
  /** A UUID. */
  readonly trackId: string;
}

/** A radio that somebody listens to. */
export interface RadioSession {
  readonly beganAt: Date;
  /** How many tracks it has served. */
  readonly served: number;
  /** The place of the first one that is remembered. */
  readonly from: number;
  /** What it served from there on, in the order of playing: the last `radioMemory` at least. */
  readonly items: readonly RadioItem[];
}

/** How many tracks of a session are remembered: pages of these are the same when they are asked for again. */
export const radioMemory = 1_000;

/** How long a session is remembered after it served its last track, in milliseconds: 12 h. */
export const radioSessionMs = 12 * 3_600_000;

/** Remembers what radios have served, for `radioSessionMs`. */
export interface RadioSessions {
  /** Null when there is none, or it is forgotten. */
  find(id: string): Promise<RadioSession | null>;
  /**
   * Adds what is served next, unless somebody else did that meanwhile: then nothing is added.
   * @param at how many it had served before; 0 begins the session. A store that knows of fewer has forgotten some: it goes on from here,
   * and forgets what it knew
   * @returns the session as it is now
   */
  append(
    id: string,
    added: { readonly at: number; readonly beganAt: Date; readonly items: readonly RadioItem[] },
  ): Promise<RadioSession>;
}
