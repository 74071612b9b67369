import type { Prisma } from '../generated/prisma/client.ts';

/**
 * Tells the time in tests; else that of the database holds, which is one for all processes.
 * @returns milliseconds since 1970
 */
export type FakeClock = () => number;

/** Where the schedule of licences stands. */
export interface ClockRow {
  /** To the millisecond, rounded down: a window that begins in this millisecond has begun. */
  readonly now: Date;
  /** What begins or ends until then is applied… */
  readonly appliedUntil: Date;
  /** …and of what does at that very moment, the tracks up to this one. */
  readonly appliedTrack: string;
}

/** The transaction holds the lock, so nobody else moves it. */
export async function readClock(
  transaction: Prisma.TransactionClient,
  clock: FakeClock | undefined,
): Promise<ClockRow> {
  const [row] = await transaction.$queryRaw<[ClockRow]>`
    SELECT date_trunc('milliseconds', coalesce(${fakeNow(clock)}::timestamptz, clock_timestamp())) AS now,
      applied_until AS "appliedUntil", applied_track::text AS "appliedTrack"
    FROM catalog.licence_clock`;
  return row;
}

export const fakeNow = (clock: FakeClock | undefined): Date | null => (clock ? new Date(clock()) : null);
