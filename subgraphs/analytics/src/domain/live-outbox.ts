import type { MarketPlays } from './counted-plays.ts';

/** What one transaction added to the numbers that are shown, by market. */
export interface CountedBatch {
  /** A UUID. */
  readonly id: string;
  readonly markets: readonly MarketPlays[];
}

/** A batch that nobody noted to be told. */
export interface KeptBatch extends CountedBatch {
  /** It was counted so long ago that a process that begins now cannot know whether it was told. */
  readonly isTooOld: boolean;
}

/** Batches are kept here by the transaction that counts them, until they are known to be told. */
export interface LiveOutbox {
  /** Those that whoever counted them had five seconds to tell, the oldest first. @param limit how many at most */
  find(limit: number): Promise<readonly KeptBatch[]>;
  delete(ids: readonly string[]): Promise<void>;
}
