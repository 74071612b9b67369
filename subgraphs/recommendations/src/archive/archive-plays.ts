import type { Handle } from '@medley/event-log';
import type { EventOf, trackPlayed } from '@medley/events';
import { decodeId, playClaimUuid } from '@medley/ids';
import type { PlayToArchive, TakeOutcome, WaitingPlays } from '../domain/waiting-plays.ts';

type TrackPlayed = EventOf<typeof trackPlayed>;

/** Takes plays from the log, each once; those that cannot be told from others are refused. */
export function archivePlays(
  waiting: Pick<WaitingPlays, 'take'>,
  { clock, beforeTaking }: { readonly clock: () => number; readonly beforeTaking: () => void },
): Handle<TrackPlayed> {
  return async (events, { refuse }) => {
    beforeTaking();
    const readable = events.flatMap((consumed) => {
      try {
        return [{ consumed, play: toArchive(consumed.event) }];
      } catch (error) {
        refuse(consumed, (error as Error).message);
        return [];
      }
    });
    if (readable.length === 0) return;
    const outcomes = await waiting.take(
      readable.map(({ play }) => play),
      new Date(clock()),
    );
    for (const [index, { consumed }] of readable.entries()) {
      const reason = refusals[outcomes[index] as TakeOutcome];
      if (reason) refuse(consumed, `${consumed.event.id} of ${consumed.event.time}: ${reason}`);
    }
  };
}

const refusals: Readonly<Record<TakeOutcome, string | null>> = {
  new: null,
  seen: null,
  'other content': 'an event with this id said something else',
  expired: 'so old that nobody knows any more whether it was archived',
  future: 'too far ahead',
};

/** @throws InvalidIdError, RangeError for an event that no reader of the archive could make sense of */
export function toArchive({ id, data }: TrackPlayed): PlayToArchive {
  const userUuid = decodeId(data.userId, 'user');
  decodeId(data.trackId, 'track');
  const playedAt = new Date(data.playedAt);
  for (const [name, value] of Object.entries({ msPlayed: data.msPlayed, stalledMs: data.stalledMs }))
    if (value > maxInteger) throw new RangeError(`expected ${name} up to ${maxInteger}, got ${value}`);
  return {
    play: {
      eventId: id.toLowerCase(),
      userId: data.userId,
      trackId: data.trackId,
      playedAt,
      msPlayed: data.msPlayed,
      counted: data.counted,
      notCountedReason: data.notCountedReason,
      contextKind: data.context?.kind ?? null,
      contextId: data.context?.id ?? null,
      market: data.market,
      tier: data.tier,
      quality: data.quality,
      startReason: data.startReason,
      endReason: data.endReason,
      skipped: data.skipped,
      offline: data.offline,
      clickToSoundMs: data.clickToSoundMs,
      stalls: data.stalls,
      stalledMs: data.stalledMs,
    },
    claim: {
      // Ids are made up by clients: that of another account takes nothing away from this one.
      id: playClaimUuid(userUuid, id),
      // By the token, and so the same each time; without one as the client tells it.
      time: data.grantedAt ? new Date(data.grantedAt) : playedAt,
      content: data.contentHash,
    },
  };
}

/** What a column of integers holds. */
const maxInteger = 2 ** 31 - 1;
