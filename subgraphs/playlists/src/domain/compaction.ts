import { retentionMs } from './operation-names.ts';

/** What compaction does to the rows. */
export interface CompactionRepository {
  /** Some playlists with something to forget, at most 500. */
  findOutdated(before: Date): Promise<readonly string[]>;
  /**
   * Forgets, in one transaction that holds the playlist's row, operations that came before then, items and collaborators
   * that were removed before then, and the playlist itself when it was deleted before then.
   */
  compact(playlistId: string, before: Date): Promise<Forgotten>;
  /** Some playlists with an item whose position is longer than `crowdedLength`, at most 500. */
  findCrowded(): Promise<readonly string[]>;
}

/** How much was forgotten. */
export interface Forgotten {
  readonly playlists: number;
  readonly operations: number;
  readonly items: number;
}

/** Positions that are longer, in characters, are made anew; those of usual playlists have 30 to 100. */
export const crowdedLength = 250;

export interface CompactionDependencies {
  readonly compaction: CompactionRepository;
  /** Gives the items of a playlist new positions in their order. */
  readonly respace: (playlistId: string) => Promise<void>;
  readonly clock: () => Date;
  /** Is told after each playlist. */
  readonly onProgress?: (forgotten: Forgotten) => void;
}

/**
 * Forgets what is older than operations are remembered, playlist by playlist: interrupted, it goes on where it left off,
 * and several at once do no harm.
 */
export function createCompaction({ compaction, respace, clock, onProgress }: CompactionDependencies) {
  return async (signal: AbortSignal): Promise<Forgotten> => {
    const before = new Date(clock().getTime() - retentionMs);
    let total: Forgotten = { playlists: 0, operations: 0, items: 0 };
    for (
      let ids = await compaction.findOutdated(before);
      ids.length > 0;
      ids = await compaction.findOutdated(before)
    ) {
      for (const id of ids) {
        if (signal.aborted) return total;
        const forgotten = await compaction.compact(id, before);
        onProgress?.(forgotten);
        total = {
          playlists: total.playlists + forgotten.playlists,
          operations: total.operations + forgotten.operations,
          items: total.items + forgotten.items,
        };
      }
    }
    for (const id of await compaction.findCrowded()) {
      if (signal.aborted) break;
      await respace(id);
    }
    return total;
  };
}
