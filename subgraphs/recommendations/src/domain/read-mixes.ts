import { type Note, orElse } from './in-time.ts';
import type { MixMaker } from './mix-maker.ts';
import type { Mix, MixRepository } from './mixes.ts';

/** How long making is waited for, in milliseconds; whoever asks again finds what has come of it. */
const patienceMs = 2_000;

/**
 * Reads the mixes of accounts that are fixed at the moment, and has those made that are missing.
 * @returns asks for those of an account; `waitMs`: how long making is waited for, 2,000 unless told otherwise
 */
export function createMixReading({
  mixes,
  mixMaker,
  now,
  note,
}: {
  readonly mixes: Pick<MixRepository, 'findOfUser'>;
  readonly mixMaker: MixMaker;
  readonly now: () => Date;
  readonly note: Note;
}) {
  return async (userId: string, { waitMs = patienceMs } = {}): Promise<readonly Mix[]> => {
    const asked = () => mixMaker.makeIfDue(userId);
    await orElse(undefined, { asked, ms: waitMs, what: 'mixes', note });
    return mixes.findOfUser(userId, now());
  };
}
