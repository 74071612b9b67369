import { toRecords } from '@medley/event-log';
import { type Spool, SpoolFullError } from '@medley/event-log/spool';
import { createEvent, encodePlayPosition, playEvents, trackPlayed } from '@medley/events';
import type { Logger } from '@medley/service';
import type { HashedPlay, PlayLog } from '../domain/report-ports.ts';

/** Sends plays to the event log, all of a report in one go. */
export function createSpooledPlayLog({
  spool,
  logger,
}: {
  spool: Pick<Spool, 'append'>;
  logger: Logger;
}): PlayLog {
  return {
    async append(plays) {
      try {
        const fate = await spool.append(playEvents.name, toRecords(playEvents, plays.map(toEvent)));
        if (fate.kept === 'DEFERRED') return { kept: 'DEFERRED' };
        // They are of one account, so they lie one after the other in its partition.
        const last = fate.places.at(-1);
        return { kept: 'STORED', position: last ? encodePlayPosition(last) : null };
      } catch (error) {
        // The spool counts what it has no room for; a line for each report would fill the next disk.
        if (!(error instanceof SpoolFullError)) logger.error({ err: error }, 'plays could not be kept');
        return { kept: 'REFUSED' };
      }
    },
  };
}

function toEvent({ play, contentHash }: HashedPlay) {
  const { grant, context } = play;
  return createEvent(trackPlayed, {
    source: 'streaming',
    id: play.id,
    time: play.playedAt,
    key: play.userId,
    // Field by field: to copy an object of this size by `...` costs more than all else that is done with a play.
    data: {
      userId: play.userId,
      trackId: play.trackId,
      playedAt: play.playedAt.toISOString(),
      reportedAt: play.reportedAt.toISOString(),
      contentHash,
      msPlayed: play.msPlayed,
      counted: play.counted,
      notCountedReason: play.notCountedReason,
      context: context && { kind: context.kind, id: context.id },
      decisionId: grant?.decisionId ?? null,
      market: grant?.market ?? null,
      tier: grant?.tier ?? null,
      quality: grant?.quality ?? null,
      grantedAt: grant?.grantedAt.toISOString() ?? null,
      startReason: play.startReason,
      endReason: play.endReason,
      skipped: play.skipped,
      offline: play.offline,
      deviceId: play.deviceId,
      clickToSoundMs: play.clickToSoundMs,
      stalls: play.stalls,
      stalledMs: play.stalledMs,
    },
  });
}
