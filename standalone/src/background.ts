import { startDailyWork, startIngestion } from '@medley/analytics';
import { followPopularity, startRelays as startCatalogRelays } from '@medley/catalog';
import { startLicenceSchedule } from '@medley/catalog/consumers/licence-schedule';
import type { EventLog } from '@medley/event-log';
import { startCompaction, startRelays as startPlaylistsRelays } from '@medley/playlists';
import type { Logger, Metrics } from '@medley/service';
import { startRelays as startUsersRelays } from '@medley/users';
import type { Rows } from './rows.ts';

/** What runs by itself, whether somebody asks anything or not. */
export interface BackgroundParts {
  readonly rows: Pick<Rows, 'analytics' | 'catalog' | 'playlists' | 'users'>;
  readonly eventLog: EventLog;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Told once when something has ended for good. */
  readonly onCrash: (error: Error) => void;
}

/**
 * Tells the event log what changes, counts what it tells, makes popularity of it, applies licences that begin or end, and forgets old
 * operations of playlists.
 * @returns stops all of it
 */
export function startBackground({
  rows,
  eventLog,
  logger,
  metrics,
  onCrash,
}: BackgroundParts): () => Promise<void> {
  // The database shares this thread with everybody who waits for an answer: half a second later is soon enough.
  const relaying = { log: eventLog, logger, metrics, everyMs: 500 };
  const relays = [
    startCatalogRelays({ ...rows.catalog.relayed, ...relaying }),
    startUsersRelays({ ...rows.users.relayed, ...relaying }),
    startPlaylistsRelays({ ...rows.playlists.relayed, ...relaying }),
  ];
  const stopSchedule = startLicenceSchedule({
    schedule: rows.catalog.schedule,
    onLost: (error) => logger.warn({ err: error }, 'licences that begin or end are not applied'),
    onBack: () => logger.info('licences that begin or end are applied again'),
  });
  const { playlists, compaction } = rows.playlists;
  const stopCompaction = startCompaction({ playlists, compaction, replica: 'main', logger, metrics });
  const counting = { log: eventLog, logger: logger.child({ part: 'analytics' }), metrics };
  const ingestion = startIngestion({ ...rows.analytics, ...counting, onCrash });
  const stopDailyWork = startDailyWork({ ...rows.analytics, ...counting });
  const popularity = followPopularity({
    popularity: rows.catalog.popularity,
    log: eventLog,
    logger: logger.child({ part: 'catalog' }),
    metrics,
    onCrash,
  });
  return async () => {
    await Promise.all([ingestion.stop(), stopDailyWork(), popularity.stop()]);
    await Promise.all([...relays.map((relay) => relay.stop()), stopSchedule(), stopCompaction()]);
  };
}
