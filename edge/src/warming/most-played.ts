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

const page = 10_000;
const countData = z.object({ playedTrackCount: z.int().nonnegative() });
const tracksData = z.object({ mostPlayedTracks: z.array(z.string()) });
const tracksQuery = `query MostPlayedTracks($first: Int!, $skip: Int!) {
  mostPlayedTracks(first: $first, skip: $skip)
}`;

/**
 * Asks analytics what is played most. Pages are asked for when they are needed; plays go on meanwhile, so one track may come twice and
 * another not at all.
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
  const count = Math.min(played, Math.max(minTracks, Math.ceil(played * share)));

  async function* read(): AsyncGenerator<string> {
    for (let skip = 0; skip < count; skip += page) {
      const variables = { first: Math.min(page, count - skip), skip };
      const { mostPlayedTracks } = await analytics.ask({ query: tracksQuery, variables, data: tracksData });
      yield* mostPlayedTracks;
      if (mostPlayedTracks.length < variables.first) return;
    }
  }
  return { count, tracks: read() };
}
