import type { SqlWriter } from '@medley/outbox';
import type { Logger } from '@medley/service';
import type { Inbox } from './inbox.ts';
import { prepareInbox } from './prepare.ts';

export interface InboxUpkeepOptions {
  readonly sql: SqlWriter;
  readonly inbox: Inbox;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  /** An hour unless told otherwise. */
  readonly intervalMs?: number;
}

/**
 * Prepares an inbox and keeps it prepared.
 * @returns how to stop it
 * @throws when it cannot be prepared now; later failures are logged, and tried again
 */
export async function startInboxUpkeep(options: InboxUpkeepOptions): Promise<() => Promise<void>> {
  const { sql, inbox, logger, clock = Date.now, intervalMs = 3_600_000 } = options;
  await prepareInbox(sql, inbox, clock());
  let working = Promise.resolve();
  const timer = setInterval(() => {
    working = prepareInbox(sql, inbox, clock()).catch((error: unknown) => {
      logger.error({ err: error, table: inbox.table }, 'could not prepare the inbox for the next days');
    });
  }, intervalMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await working;
  };
}
