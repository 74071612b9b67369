import type { ArchivedPlay } from './archived-play.ts';

/** A play on its way to the archive, and by what it is claimed: the same each time that it is told. */
export interface PlayToArchive {
  readonly play: ArchivedPlay;
  readonly claim: { readonly id: string; readonly time: Date; readonly content: string };
}

/** What becomes of one: only those that are `new` are written. */
export type TakeOutcome = 'new' | 'seen' | 'other content' | 'expired' | 'future';

/** Plays of one day that no part has yet. */
export interface WaitingDay {
  /** `2026-11-23` */
  readonly day: string;
  readonly plays: number;
  /** Since when the first of them waits. */
  readonly since: Date;
}

/** A file of the archive that is decided on, and not written yet as far as anybody knows. */
export interface ArchivePart {
  /** A UUID, never given twice. */
  readonly id: string;
  readonly day: string;
  /** How many plays it has. */
  readonly plays: number;
}

/**
 * Plays between the log and the archive. Each goes through once: it is claimed when it is taken, it is named to a part, the part is
 * written, it is forgotten. A part never changes once it is named, so whoever writes it again writes the same.
 */
export interface WaitingPlays {
  /** Makes room for the claims of the next two days; each hour will do. */
  prepare(): Promise<void>;
  /** Takes those that were never taken, in one transaction. @param plays at most 500 @returns the outcomes in their order */
  take(plays: readonly PlayToArchive[], at: Date): Promise<readonly TakeOutcome[]>;
  /** By day. */
  findWaiting(): Promise<readonly WaitingDay[]>;
  /** Decides on a part: the plays of a day that wait longest. @returns null when none wait */
  namePart(day: string, limit: number): Promise<ArchivePart | null>;
  /** Parts that were named, and not forgotten. */
  findParts(): Promise<readonly ArchivePart[]>;
  /** The plays of a part, some at a time. It ends early when somebody forgets the part meanwhile. */
  readPart(part: ArchivePart): AsyncIterable<readonly ArchivedPlay[]>;
  /** Forgets the plays of a part, all at once: they are in the archive. */
  forgetPart(part: ArchivePart, at: Date): Promise<void>;
  /** Up to when all plays that were taken are in the archive; null when none ever was. */
  findArchivedUntil(now: Date): Promise<Date | null>;
}
