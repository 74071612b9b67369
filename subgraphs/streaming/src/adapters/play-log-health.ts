import type { EventLog } from '@medley/event-log';
import type { Spool } from '@medley/event-log/spool';

/** What goes on without the event log, in words for operators; empty when all is well. */
export const createPlayLogHealth =
  ({ log, spool }: { log: Pick<EventLog, 'ping'>; spool: Pick<Spool, 'look'> }) =>
  async (): Promise<string[]> => {
    const { records, logAway } = spool.look();
    const answers = await log.ping(500).then(
      () => true,
      () => false,
    );
    return [
      ...(answers && !logAway ? [] : ['the event log does not answer']),
      ...(records > 0 ? [`${records} plays wait on this server for the event log`] : []),
    ];
  };
