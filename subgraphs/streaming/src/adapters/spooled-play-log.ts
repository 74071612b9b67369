import { type LogRecord, toRecords } from '@medley/event-log';
import { createEvent, playEvents, trackPlayed } from '@medley/events';
import type { Logger } from '@medley/service';
import type { HashedPlay, PlayLog } from '../domain/report-ports.ts';

/** The part of a spool that is needed here: the log, and a disk for when the log is away. */
export interface PlaySpool {
  append(topic: string, records: readonly LogRecord[]): Promise<'STORED' | 'DEFERRED'>;
}

/** Sends plays to the event log, all of a report in one go. */
export function createSpooledPlayLog({ spool, logger }: { spool: PlaySpool; logger: Logger }): PlayLog {
  return {
    async append(plays) {
      try {
        return await spool.append(playEvents.name, toRecords(playEvents, plays.map(toEvent)));
      } catch (error) {
        logger.warn({ err: error, plays: plays.length }, 'plays could not be kept');
        return 'REFUSED';
      }
    },
  };
}

function toEvent({ play, contentHash }: HashedPlay) {
  const { id, grant, context, ...told } = play;
  return createEvent(trackPlayed, {
    source: 'streaming',
    id,
    time: play.playedAt,
    key: play.userId,
    data: {
      ...told,
      playedAt: play.playedAt.toISOString(),
      reportedAt: play.reportedAt.toISOString(),
      contentHash,
      context: context && { ...context },
      decisionId: grant?.decisionId ?? null,
      market: grant?.market ?? null,
      tier: grant?.tier ?? null,
      quality: grant?.quality ?? null,
    },
  });
}
