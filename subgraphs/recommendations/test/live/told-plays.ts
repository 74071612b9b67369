import { randomUUID } from 'node:crypto';
import type { Consumed } from '@medley/event-log';
import { createEvent, playEvents, trackPlayed } from '@medley/events';
import { encodeId } from '@medley/ids';
import type { CatalogFacts, TrackFacts } from '../../src/domain/catalog-facts.ts';
import type { TrackPlayed } from '../../src/live/read-play.ts';

/** When the plays of these tests began, unless told otherwise. */
export const playedAt = new Date('2026-11-23T12:00:00.000Z');

export const userIds: readonly string[] = Array.from({ length: 12 }, () => randomUUID());
export const trackIds: readonly string[] = Array.from({ length: 30 }, () => randomUUID());
const artistIds = Array.from({ length: 8 }, () => randomUUID());
const genreIds = Array.from({ length: 3 }, () => randomUUID());

/** Each of the tracks has two artists and a genre. */
export const factsOf = (trackId: string): TrackFacts | null => {
  const number = trackIds.indexOf(trackId);
  if (number < 0) return null;
  const pick = (ids: readonly string[], index: number) => ids[index % ids.length] as string;
  return {
    id: trackId,
    title: `Track ${number}`,
    explicit: false,
    withdrawn: false,
    popularity: 50,
    albumId: null,
    artistIds: [pick(artistIds, number), pick(artistIds, number + 3)],
    genreIds: [pick(genreIds, number)],
    features: null,
    markets: new Set(['DE']),
  };
};

/** Facts in memory; unknown tracks can be named. */
export function createMemoryFacts(
  unknown: ReadonlySet<string> = new Set(),
): Pick<CatalogFacts, 'findTracks'> {
  return {
    async findTracks(ids) {
      const found = ids.flatMap((id) => (unknown.has(id) ? [] : (factsOf(id) ?? [])));
      return new Map(found.map((track) => [track.id, track]));
    },
  };
}

/** A play that counts, heard to its end, unless told otherwise. Ids are UUIDs. */
export function played({
  userId = userIds[0] as string,
  trackId = trackIds[0] as string,
  id = randomUUID(),
  at = playedAt,
  ...data
}: Partial<TrackPlayed['data']> & { id?: string; at?: Date } = {}): TrackPlayed {
  const user = encodeId('user', userId);
  return createEvent(trackPlayed, {
    source: 'streaming',
    id,
    key: user,
    time: at,
    data: {
      trackId: encodeId('track', trackId),
      playedAt: at.toISOString(),
      reportedAt: new Date(at.getTime() + 200_000).toISOString(),
      contentHash: id,
      msPlayed: 200_000,
      counted: true,
      notCountedReason: null,
      context: { kind: 'ALBUM', id: 'album_1' },
      decisionId: null,
      market: 'DE',
      tier: 'PREMIUM',
      quality: 'HIGH',
      grantedAt: at.toISOString(),
      startReason: 'CLICK',
      endReason: 'TRACK_DONE',
      skipped: false,
      offline: false,
      deviceId: null,
      clickToSoundMs: null,
      stalls: 0,
      stalledMs: 0,
      ...data,
      userId: user,
    },
  });
}

/** Plays of all the accounts in turn, a minute apart; every fifth is a skip. */
export const manyPlays = (count: number): TrackPlayed[] =>
  Array.from({ length: count }, (_, index) => {
    const skip = index % 5 === 4;
    return played({
      userId: userIds[index % userIds.length],
      trackId: trackIds[(index * 7) % trackIds.length],
      at: new Date(playedAt.getTime() + index * 60_000),
      ...(skip && { skipped: true, endReason: 'FORWARD', msPlayed: 4_000, counted: false }),
    });
  });

/** As a consumer gets them, all from one partition. */
export const consumed = (events: readonly TrackPlayed[], from = 0n): Consumed<TrackPlayed>[] =>
  events.map((event, index) => ({
    event,
    topic: playEvents.name,
    partition: 2,
    offset: from + BigInt(index),
    time: new Date(event.data.reportedAt),
  }));
