import type { ServiceCaller } from '@medley/service-caller';
import { z } from 'zod';

/** How many of the tracks that were played at all are worth warming. */
export interface WarmShare {
  /** Of all tracks that were played in the last seven days, 0 to 1: the most played ones. */
  readonly share: number;
  /** At least so many, as far as there are. */
  readonly minTracks: number;
}

/** The tracks that are played most. */
export interface MostPlayed {
  /** How many there will be, at most. */
  readonly count: number;
  /** Their ids, the most played first. */
  readonly tracks: AsyncIterable<string>;
}

/** As far down as analytics tells what is played most. */
const mostTracks = 10_000;
const countData = z.object({ playedTrackCount: z.int().nonnegative() });
const tracksData = z.object({ mostPlayedTracks: z.array(z.string()) });
const tracksQuery = `query MostPlayedTracks($first: Int!) {
  mostPlayedTracks(first: $first)
}`;

/**
 * Asks analytics what is played most: 10,000 tracks at most, whatever the share.
 * @throws ServiceCallError, also while the tracks are read
 */
export async function findMostPlayed(
  analytics: Pick<ServiceCaller, 'ask'>,
  { share, minTracks }: WarmShare,
): Promise<MostPlayed> {
  const { playedTrackCount: played } = await analytics.ask({
    query: 'query PlayedTracks { playedTrackCount }',
    data: countData,
  });
  const count = Math.min(mostTracks, played, Math.max(minTracks, Math.ceil(played * share)));

  async function* read(): AsyncGenerator<string> {
    if (count === 0) return;
    const variables = { first: count };
    const { mostPlayedTracks } = await analytics.ask({ query: tracksQuery, variables, data: tracksData });
    yield* mostPlayedTracks;
  }
  return { count, tracks: read() };
}
