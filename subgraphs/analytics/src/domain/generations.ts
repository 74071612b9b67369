import type { GenerationId } from './ledger.ts';

/** All numbers that were counted from the same beginning of the topics. */
export interface Generation {
  readonly id: GenerationId;
  readonly startedAt: Date;
}

/** What the log has of a partition now. */
export interface LogRange {
  readonly topic: string;
  /** From 0. */
  readonly partition: number;
  /** The first offset that is kept. */
  readonly low: bigint;
  /** After the last record that there is. */
  readonly high: bigint;
}

/** What a generation has counted of a partition: offsets from `from` up to, but without, `to`. */
export interface Counted {
  readonly topic: string;
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
}

/**
 * The generations that there are: the one that is shown, and perhaps one that is being built to take its place. Each transaction that
 * counts adds to the first, and to the second as far as it has come.
 */
export interface Generations {
  /**
   * Makes what is missing to count: the first generation, room for the claims of the next days. Any number of processes may call it at
   * once, before they count, and then some times a day.
   */
  prepare(): Promise<void>;
  /**
   * Drops the tables of those that are shown no more or were given up. Nobody needs it to go on. Any number of processes may call it.
   * @throws when somebody reads for longer than a change of tables may wait; the next call goes on
   */
  dropRetired(): Promise<void>;
  /** Null before `prepare`; `building` when none is. */
  find(): Promise<{ readonly current: Generation | null; readonly building: Generation | null }>;
  /** What one has counted, without dead letters that were sent again. */
  findCounted(id: GenerationId): Promise<readonly Counted[]>;
  /**
   * Begins one to be built; where there is one already, it is that one. `prepare` must have been called. Its number was never given
   * before: who still builds one that was given up adds to no other.
   */
  build(): Promise<Generation>;
  /**
   * Shows one that was built in the place of the one that is shown, if it has come as far. In one moment: nobody counts meanwhile.
   * @param readLog tells of all topics that are counted; asked while nobody counts, so nothing was counted that it does not tell of, but
   *   of a log that is no more
   * @returns whether it is shown now
   * @throws GenerationGoneError, and what `readLog` throws
   */
  show(id: GenerationId, readLog: () => Promise<readonly LogRange[]>): Promise<boolean>;
  /** Gives up one that is being built; does nothing when there is none of this number. `dropRetired` drops its tables. */
  giveUp(id: GenerationId): Promise<void>;
}

/** A generation that was being built was given up, or is shown no more. */
export class GenerationGoneError extends Error {
  constructor(id: GenerationId) {
    super(`generation ${id} was given up`);
    this.name = 'GenerationGoneError';
  }
}
