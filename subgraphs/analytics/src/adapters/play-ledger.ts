import { hash, randomUUID } from 'node:crypto';
import type { Consumed } from '@medley/event-log';
import type { EventOf, trackPlayed } from '@medley/events';
import { decodeId, playClaimUuid } from '@medley/ids';
import type { ToldBatch } from '../domain/counted-plays.ts';
import { dayMs } from '../domain/days.ts';
import {
  foldPlays,
  type JudgedPlay,
  playSeriesCounters,
  playSeriesKeys,
  trackCounters,
  trackPlaysKeys,
  trackTotalsKeys,
} from '../domain/fold-plays.ts';
import type { GenerationId, Ledger } from '../domain/ledger.ts';
import type { Play } from '../domain/play.ts';
import { readAccountDays } from './account-days.ts';
import { addCounts, type CountingTable } from './add-counts.ts';
import { createLedger } from './ledger.ts';
import { addListeners } from './listener-sketches.ts';
import type { PrismaClient, Transaction } from './prisma-client.ts';
import { keepUntilTold } from './prisma-live-outbox.ts';

type TrackPlayed = EventOf<typeof trackPlayed>;

const series: CountingTable = { name: 'play_series', keys: playSeriesKeys, counters: playSeriesCounters };
const trackPlays: CountingTable = { name: 'track_plays', keys: trackPlaysKeys, counters: trackCounters };
const trackTotals: CountingTable = { name: 'track_totals', keys: trackTotalsKeys, counters: trackCounters };

/** Counts plays: how many, of which tracks, by how many accounts, and which are not believed. */
export const createPlayLedger = (client: PrismaClient): Ledger<Consumed<TrackPlayed>, ToldBatch> =>
  createLedger({
    client,
    inbox: 'claimed_plays',
    read: playOf,
    claimOf: ({ data }, { id, userId, playedAt }) => ({
      // Ids are made up by clients: that of another account takes nothing away from this one.
      id: playClaimUuid(userId, id),
      // By the token, and so the same each time; without one as the client tells it.
      time: data.grantedAt ? new Date(data.grantedAt) : new Date(playedAt),
      content: data.contentHash,
    }),
    async write(tx, generation, plays) {
      const accounts = await readAccountDays(tx, generation, plays);
      const counted = foldPlays(plays, accounts.find);
      await accounts.save();
      await addCounts(tx, generation, series, counted.series);
      await addCounts(tx, generation, trackPlays, counted.trackPlays);
      await addCounts(tx, generation, trackTotals, counted.trackTotals);
      await addListeners(tx, generation, counted.listeners);
      await addDoubtful(tx, generation, counted.doubtful);
      return { id: randomUUID(), ...counted.added };
    },
    onShown: keepUntilTold,
  });

function playOf({ id, data }: TrackPlayed): Play {
  const userId = decodeId(data.userId, 'user');
  const market = data.market ?? '';
  if (!/^(?:[A-Z]{2})?$/.test(market))
    throw new RangeError(`expected a market of two letters, got ${JSON.stringify(market.slice(0, 20))}`);
  if (data.msPlayed > dayMs) throw new RangeError(`expected msPlayed up to ${dayMs}, got ${data.msPlayed}`);
  return {
    id: id.toLowerCase(),
    userId,
    trackId: decodeId(data.trackId, 'track'),
    playedAt: Date.parse(data.playedAt),
    msPlayed: data.msPlayed,
    discount: data.notCountedReason,
    decisionId: data.decisionId && decodeId(data.decisionId, 'decision'),
    market,
    tier: data.tier ?? '',
    skipped: data.skipped,
    deviceId: data.deviceId,
    deviceKey: data.deviceId === null ? 0n : hash64(data.deviceId).readBigUInt64BE(),
    listenerHash: hash64(userId),
  };
}

const hash64 = (text: string): Buffer => hash('sha256', text, 'buffer').subarray(0, 8);

async function addDoubtful(tx: Transaction, generation: GenerationId, plays: readonly JudgedPlay[]) {
  if (plays.length === 0) return;
  const rows = plays.map((play) => ({
    play_id: play.id,
    doubt: play.doubt,
    played_at: new Date(play.playedAt).toISOString(),
    ms_played: play.msPlayed,
    user_id: play.userId,
    track_id: play.trackId,
    market: play.market,
    tier: play.tier,
    device_id: play.deviceId,
    other_play_id: play.otherPlayId,
    generation,
  }));
  await tx.$executeRaw`
    INSERT INTO analytics.doubtful_plays
    SELECT (jsonb_populate_recordset(NULL::analytics.doubtful_plays, ${JSON.stringify(rows)}::jsonb)).*
    ON CONFLICT DO NOTHING`;
}
