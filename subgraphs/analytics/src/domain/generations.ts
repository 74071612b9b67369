import type { GenerationId } from './ledger.ts';

/** All numbers that were counted from the same beginning of the topics. */
export interface Generation {
  readonly id: GenerationId;
  readonly startedAt: Date;
}

/** Where the log of a partition begins now. */
export interface LogStart {
  readonly topic: string;
  /** From 0. */
  readonly partition: number;
  /** The first offset that is kept. */
  readonly low: bigint;
}

/**
 * The generations that there are: the one that is shown, and perhaps one that is being built to take its place. Each transaction that
 * counts adds to the first, and to the second as far as it has come.
 */
export interface Generations {
  /**
   * Makes what is missing to count: the first generation, room for the claims of the next days. Drops what is left of those that are
   * shown no more. Any number of processes may call it at once, before they count, and then some times a day.
   */
  prepare(): Promise<void>;
  /** Null before `prepare`; `building` when none is. */
  find(): Promise<{ readonly current: Generation | null; readonly building: Generation | null }>;
  /**
   * Where the log has forgotten what the numbers that are shown were counted from: they would be lost in new ones.
   * @param starts of all topics that are counted
   */
  findLost(starts: readonly LogStart[]): Promise<readonly LogStart[]>;
  /** Begins one to be built; where there is one already, it is that one. `prepare` must have been called. */
  build(): Promise<Generation>;
  /**
   * Shows one that was built in the place of the one that is shown, if it has come as far. In one moment: nobody counts meanwhile.
   * @param starts of all topics that are counted
   * @returns whether it is shown now
   * @throws GenerationGoneError
   */
  show(id: GenerationId, starts: readonly LogStart[]): Promise<boolean>;
  /** Gives up one that is being built; does nothing when there is none of this number. */
  giveUp(id: GenerationId): Promise<void>;
}

/** A generation that was being built was given up, or is shown no more. */
export class GenerationGoneError extends Error {
  constructor(id: GenerationId) {
    super(`generation ${id} was given up`);
    this.name = 'GenerationGoneError';
  }
}
