import type { DocumentKind } from './search-document.ts';

/** How far the index follows its sources, for operators. */
export interface IndexingStatus {
  readonly sources: readonly SourceStatus[];
  /** Null when none is under way in this process. */
  readonly rebuild: RebuildStatus | null;
}

export interface SourceStatus {
  readonly name: string;
  /** The age of the oldest change that is not in the index yet; null when the source could not be asked. */
  readonly lagMs: number | null;
  /** Null when it never answered. */
  readonly lastAskedAt: Date | null;
}

export interface RebuildStatus {
  readonly startedAt: Date;
  /** How many documents were written into the new index so far. */
  readonly documents: number;
}

/** Tells how far the index follows; never fails. */
export interface IndexingMonitor {
  status(): Promise<IndexingStatus>;
}

/** Hears what happens while an index is kept, for logs and metrics. */
export interface IndexingObserver {
  /** @param lagMs the age of the oldest change that is not in the index yet, 0 when there is none */
  sourceAsked(source: string, lagMs: number): void;
  documentsWritten(source: string, counts: { put: number; removed: number }): void;
  /** A round failed, and the same changes are tried again after `retryMs`. */
  followingFailed(source: string, error: unknown, retryMs: number): void;
  indexCounted(counts: Readonly<Record<DocumentKind, number>>): void;
  rebuildStarted(reason: string): void;
  rebuildSwapped(result: { documents: number; durationMs: number }): void;
  rebuildInterrupted(): void;
  rebuildFailed(error: unknown): void;
}
