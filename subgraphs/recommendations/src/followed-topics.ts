import type { EventLog } from '@medley/event-log';
import { catalogChanged, libraryChanged, playEvents } from '@medley/events';
import { archiveGroup } from './archive/start-archiving.ts';
import type { FollowedTopic, FollowedTopics } from './domain/recommendations-state.ts';
import { catalogGroup } from './follow-catalog.ts';
import { libraryGroup } from './live/follow-library.ts';
import { playsGroup } from './live/follow-plays.ts';

const followed = [
  { topic: playEvents.name, group: playsGroup },
  { topic: playEvents.name, group: archiveGroup },
  { topic: libraryChanged.name, group: libraryGroup },
  { topic: catalogChanged.name, group: catalogGroup },
];

/** Asks the log how far the groups are. A group that it does not tell of within two seconds is not waited for. */
export function createFollowedTopics(log: Pick<EventLog, 'admin'>): FollowedTopics {
  async function readLag({ topic, group }: (typeof followed)[number]): Promise<FollowedTopic> {
    const late = new Promise<null>((resolve) => setTimeout(resolve, 2_000, null).unref());
    const positions = await Promise.race([log.admin.positions(group, [topic]), late]).catch(() => null);
    const behind = positions && Number(positions.reduce((sum, { lag }) => sum + lag, 0n));
    return { topic, group, behind };
  }
  return { readLag: () => Promise.all(followed.map(readLag)) };
}
