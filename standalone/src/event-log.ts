import { join } from 'node:path';
import type { EventLog } from '@medley/event-log';
import { openEmbeddedEventLog } from '@medley/event-log/embedded';
import { allTopics } from '@medley/events';
import type { Logger } from '@medley/service';

/**
 * The event log of a data folder, with all its topics.
 * @param folder is held by this process
 */
export async function openLog(folder: string, logger: Logger): Promise<EventLog> {
  const log = await openEmbeddedEventLog({ folder: join(folder, 'log'), logger });
  await log.admin.ensureTopics(allTopics);
  return log;
}
