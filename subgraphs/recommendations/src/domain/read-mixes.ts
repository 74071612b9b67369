import { type Note, orElse } from './in-time.ts';
import type { MixMaker } from './mix-maker.ts';
import type { Mix, MixRepository } from './mixes.ts';

/** How long making takes at most, in milliseconds; whoever asks again finds what has come of it. */
const patienceMs = 2_000;

/** Reads the mixes of accounts that are fixed at the moment, and has those made that are missing. */
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
  return async (userId: string): Promise<readonly Mix[]> => {
    const asked = () => mixMaker.makeIfDue(userId);
    await orElse(undefined, { asked, ms: patienceMs, what: 'mixes', note });
    return mixes.findOfUser(userId, now());
  };
}
