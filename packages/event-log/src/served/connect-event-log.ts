import type { Logger } from '@medley/service';
import { LogUnavailableError } from '../errors.ts';
import type { Appended, EventLog, EventLogAdmin, LogRecord, Subscription } from '../event-log.ts';
import { refuseTooLarge, sizeOf } from '../record-size.ts';
import { createServedClient, type ServedClient } from './served-client.ts';
import { startServedSubscription } from './served-subscription.ts';
import { startServedTail } from './served-tail.ts';

export interface ConnectEventLogOptions {
  /** `http://127.0.0.1:4020`, or with the token: `http://:<token>@127.0.0.1:4020`. */
  readonly url: string;
  /** What the log wants to be shown; the one in the URL unless given. */
  readonly token?: string;
  readonly logger: Logger;
}

/**
 * The log that another process of this machine serves by `serveEventLog`. It connects when it is needed. While that process is away
 * operations throw LogUnavailableError; subscriptions come back with it, and nothing is ever given to `onCrash` because of it.
 */
export function connectEventLog({ url, token, logger }: ConnectEventLogOptions): EventLog {
  const { origin, username, password } = new URL(url);
  const client = createServedClient(origin, token ?? decodeURIComponent(password || username));
  const subscriptions = new Set<Subscription>();
  const appends = new Set<Promise<unknown>>();
  let closing: Promise<void> | null = null;

  function refuseWhenClosing() {
    if (closing) throw new LogUnavailableError('the event log is closed');
  }

  function keep(subscription: Subscription): Subscription {
    subscriptions.add(subscription);
    return {
      async stop() {
        await subscription.stop();
        subscriptions.delete(subscription);
      },
    };
  }

  async function append(topic: string, records: readonly LogRecord[]): Promise<readonly Appended[]> {
    const places: Appended[] = [];
    for (const part of split(records)) {
      places.push(...(await client.ask('append', { topic, records: part.map((record) => ({ ...record })) })));
    }
    return places;
  }

  async function close() {
    await Promise.all([...subscriptions].map((subscription) => subscription.stop()));
    await Promise.allSettled(appends);
    await client.close();
  }

  return {
    async append(topic, records) {
      refuseWhenClosing();
      refuseTooLarge(records);
      const appending = append(topic, records);
      appends.add(appending);
      return appending.finally(() => appends.delete(appending));
    },
    async subscribe(options) {
      refuseWhenClosing();
      return keep(startServedSubscription(client, options, logger));
    },
    async tail(options) {
      refuseWhenClosing();
      return keep(await startServedTail(client, options, logger));
    },
    admin: createServedAdmin(client),
    async ping(timeoutMs) {
      await client.ask('ping', {}, { timeoutMs });
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
}

function createServedAdmin(client: ServedClient): EventLogAdmin {
  return {
    async ensureTopics(topics) {
      await client.ask('ensureTopics', { topics: [...topics] });
    },
    offsets: (topic) => client.ask('offsets', { topic }),
    offsetsAt: (topic, time) => client.ask('offsetsAt', { topic, time }),
    positions: (group, topics) => client.ask('positions', { group, topics: [...topics] }),
    async setPositions(group, topic, positions) {
      await client.ask('setPositions', { group, topic, positions: [...positions] });
    },
    read: (topic, partition, from, limit) => client.ask('read', { topic, partition, from, limit }),
  };
}

/** One request has some megabytes at most. */
const requestBytes = 8_388_608;

function split(records: readonly LogRecord[]): LogRecord[][] {
  const parts: LogRecord[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const record of records) {
    const size = sizeOf(record);
    if (bytes + size > requestBytes) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(record);
    bytes += size;
  }
  return parts;
}
