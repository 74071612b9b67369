import type { Consumed } from '@medley/event-log';
import type { EventOf, trackPlayed } from '@medley/events';
import { decodeId } from '@medley/ids';
import { bucketOf, grains } from '../domain/grain.ts';
import type { Ledger } from '../domain/ledger.ts';
import type { Play } from '../domain/play.ts';
import { createTally } from '../domain/tally.ts';
import { addCounts, type CountingTable } from './add-counts.ts';
import { createLedger } from './ledger.ts';
import type { PrismaClient } from './prisma-client.ts';

type TrackPlayed = EventOf<typeof trackPlayed>;

const playSeries = {
  name: 'play_series',
  keys: ['grain', 'bucket', 'market', 'tier'],
  counters: ['plays', 'too_short', 'unverified', 'grant_expired', 'doubtful', 'skipped', 'ms_played'],
} as const satisfies CountingTable;

/** Counts plays. */
export const createPlayLedger = (client: PrismaClient): Ledger<Consumed<TrackPlayed>> =>
  createLedger<TrackPlayed, Play>({
    client,
    inbox: 'claimed_plays',
    read: ({ id, data }) => ({
      id,
      userId: decodeId(data.userId, 'user'),
      trackId: decodeId(data.trackId, 'track'),
      playedAt: Date.parse(data.playedAt),
      msPlayed: data.msPlayed,
      discount: data.notCountedReason,
      decisionId: data.decisionId && decodeId(data.decisionId, 'decision'),
      market: data.market ?? '',
      tier: data.tier ?? '',
      skipped: data.skipped,
      deviceId: data.deviceId,
    }),
    claimOf: ({ id, data }) => ({
      id,
      // By the token, and so the same each time; without one as the client tells it.
      time: new Date(data.grantedAt ?? data.playedAt),
      content: data.contentHash,
    }),
    async write(tx, generation, plays) {
      const series = createTally(playSeries.counters);
      for (const { playedAt, market, tier, msPlayed } of plays)
        for (const grain of grains)
          series.add(
            { grain, bucket: bucketOf(grain, playedAt), market, tier },
            { plays: 1, ms_played: msPlayed },
          );
      await addCounts(tx, generation, playSeries, series.rows());
    },
  });
