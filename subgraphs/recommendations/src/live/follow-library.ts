import {
  type Consumed,
  type Consumer,
  type ConsumerContext,
  type EventLog,
  publishEvents,
  startConsumer,
  UnknownTopicError,
} from '@medley/event-log';
import {
  createEvent,
  type EventOf,
  libraryChanged,
  type libraryEntryChanged,
  recommendationsTopic,
  recommendationsUpdated,
} from '@medley/events';
import { decodeId, encodeId, InvalidIdError, idKindOf } from '@medley/ids';
import type { Logger, Metrics } from '@medley/service';
import type { LibraryEntries, LibraryEntry } from '../domain/taste-profile.ts';

/** Who keeps the copy of what accounts keep. */
export const libraryGroup = 'recommendations.library';

export interface FollowLibraryOptions {
  readonly log: Pick<EventLog, 'append' | 'subscribe' | 'admin'>;
  readonly library: Pick<LibraryEntries, 'record'>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Told once when it has ended for good. */
  readonly onCrash: (error: Error) => void;
}

type LibraryChanged = EventOf<typeof libraryEntryChanged>;

/** Follows what accounts keep. All replicas share the work. */
export const followLibrary = ({ log, library, ...options }: FollowLibraryOptions): Consumer =>
  startConsumer({
    ...options,
    log,
    group: libraryGroup,
    topics: [libraryChanged],
    handle: takeChanges(log, library),
    isTransient: (error) => error instanceof UnknownTopicError,
  });

/** They may come again, and late: of each thing the highest version holds. */
const takeChanges =
  (log: Pick<EventLog, 'append'>, library: Pick<LibraryEntries, 'record'>) =>
  async (
    consumed: readonly Consumed<LibraryChanged>[],
    { refuse }: Pick<ConsumerContext<LibraryChanged>, 'refuse'>,
  ): Promise<void> => {
    const newest = new Map<string, LibraryEntry>();
    for (const one of consumed) {
      try {
        const entry = entryOf(one.event);
        const key = `${entry.userId} ${entry.itemId}`;
        if (entry.version >= (newest.get(key)?.version ?? 0)) newest.set(key, entry);
      } catch (error) {
        if (!(error instanceof InvalidIdError)) throw error;
        refuse(one, error.message);
      }
    }
    if (newest.size === 0) return;
    await library.record([...newest.values()]);
    const userIds = new Set([...newest.values()].map(({ userId }) => encodeId('user', userId)));
    await publishEvents(
      log,
      recommendationsTopic,
      [...userIds].map((userId) =>
        createEvent(recommendationsUpdated, {
          source: 'recommendations',
          key: userId,
          data: { userId, cause: 'LIBRARY', profileVersion: 0, play: null },
        }),
      ),
    );
  };

/** @throws InvalidIdError */
function entryOf({ data }: LibraryChanged): LibraryEntry {
  const { itemId, stateVersion: version, inLibrary, at } = data;
  const kind = idKindOf(itemId);
  if (!kind) throw new InvalidIdError(itemId, 'a public id');
  decodeId(itemId, kind);
  return { userId: decodeId(data.userId, 'user'), itemId, version, inLibrary, at: new Date(at) };
}
