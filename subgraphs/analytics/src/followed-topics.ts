import type { EventLog } from '@medley/event-log';
import { catalogChanged } from '@medley/events';
import type { FollowedTopics, TopicLag } from './domain/followed-topics.ts';
import { catalogGroup } from './follow-catalog.ts';
import { type Ledgers, sourcesOf } from './ingestion.ts';

/** Asks the log how far the groups are. A group that it does not tell of within two seconds is not waited for. */
export function createFollowedTopics(log: Pick<EventLog, 'admin'>, ledgers: Ledgers): FollowedTopics {
  const followed = [...sourcesOf(ledgers), { topic: catalogChanged, group: catalogGroup }];
  const readLag = async ({ topic: { name }, group }: (typeof followed)[number]): Promise<TopicLag> => {
    const late = new Promise<null>((resolve) => setTimeout(resolve, 2_000, null).unref());
    const positions = await Promise.race([log.admin.positions(group, [name]), late]).catch(() => null);
    const lag = positions && Number(positions.reduce((sum, position) => sum + position.lag, 0n));
    return { name, lag };
  };
  return { readLag: () => Promise.all(followed.map(readLag)) };
}
