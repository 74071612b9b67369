/** One play in the archive. Ids are public ids; `docs/archive.md` tells what the columns mean. */
export interface ArchivedPlay {
  /** A UUID, made up by a client: together with `userId` it names the play. */
  readonly eventId: string;
  readonly userId: string;
  readonly trackId: string;
  /** When it began. It is in the folder of this day, in UTC. */
  readonly playedAt: Date;
  readonly msPlayed: number;
  /** Whether it is a play: 30 s were heard, and a grant vouches for it. */
  readonly counted: boolean;
  /** Null when it counts. */
  readonly notCountedReason: string | null;
  readonly contextKind: string | null;
  readonly contextId: string | null;
  readonly market: string | null;
  readonly tier: string | null;
  readonly quality: string | null;
  readonly startReason: string;
  readonly endReason: string;
  readonly skipped: boolean;
  readonly offline: boolean;
  readonly clickToSoundMs: number | null;
  readonly stalls: number;
  readonly stalledMs: number;
}

/** The day of UTC in which a play began: `2026-11-23`. */
export const dayOfPlay = ({ playedAt }: Pick<ArchivedPlay, 'playedAt'>): string =>
  playedAt.toISOString().slice(0, 10);
