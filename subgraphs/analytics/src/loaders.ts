import DataLoader from 'dataloader';
import type { ListenerCount } from './domain/listeners.ts';
import type { Plays, Statistics } from './domain/statistics.ts';
import { type Days, daysOf } from './domain/time-window.ts';

/** The loaders of one request: what its resolvers ask for one by one is asked of the statistics in sets. */
export interface Loaders {
  readonly playCountOfTrack: DataLoader<string, number>;
  readonly playCountOfArtist: DataLoader<string, number>;
  readonly monthlyListenersOfArtist: DataLoader<string, ListenerCount>;
  readonly listenersOfTrack: DataLoader<TrackOnDays, ListenerCount, string>;
}

export interface TrackOnDays {
  readonly trackId: string;
  readonly days: Days;
}

export function createLoaders(statistics: Statistics, now: () => Date): Loaders {
  const plays = (count: (ids: readonly string[]) => Promise<readonly Plays[]>) =>
    new DataLoader<string, number>(async (ids) => {
      const counted = new Map((await count(ids)).map(({ id, plays }) => [id, plays]));
      return ids.map((id) => counted.get(id) ?? 0);
    });
  return {
    playCountOfTrack: plays((ids) => statistics.countPlaysOfTracks(ids)),
    playCountOfArtist: plays((ids) => statistics.countPlaysOfArtists(ids)),
    monthlyListenersOfArtist: new DataLoader((ids) =>
      statistics.countListenersOfArtists(ids, daysOf('LAST_28_DAYS', now())),
    ),
    listenersOfTrack: new DataLoader((keys) => loadListenersOfTracks(statistics, keys), {
      cacheKeyFn: ({ trackId, days }) => `${trackId} ${daysText(days)}`,
    }),
  };
}

async function loadListenersOfTracks(
  statistics: Statistics,
  keys: readonly TrackOnDays[],
): Promise<ListenerCount[]> {
  // Together where they are of the same days: those of one list are.
  const byDays = new Map(keys.map(({ days }) => [daysText(days), days]));
  const found = new Map<TrackOnDays, ListenerCount>();
  for (const [text, days] of byDays) {
    const asked = keys.filter((key) => daysText(key.days) === text);
    const counts = await statistics.countListenersOfTracks(
      asked.map(({ trackId }) => trackId),
      days,
    );
    for (const [index, key] of asked.entries()) found.set(key, counts[index] as ListenerCount);
  }
  return keys.map((key) => found.get(key) as ListenerCount);
}

const daysText = ({ first, last }: Days) => `${first?.toISOString()} ${last.toISOString()}`;
