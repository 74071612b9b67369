import type { Consumed } from '@medley/event-log';
import type { EventOf, playbackMeasured } from '@medley/events';
import { grantStartUuid, minuteStartUuid } from '@medley/ids';
import { claimEvents } from '@medley/inbox';
import {
  foldStarts,
  type MeasuredStart,
  qualityCounters,
  qualityKeys,
  startTimeCounters,
  startTimeKeys,
} from '../domain/fold-starts.ts';
import type { GenerationId, Ledger } from '../domain/ledger.ts';
import { addCounts, type CountingTable } from './add-counts.ts';
import { inboxOf } from './generation-tables.ts';
import { createLedger } from './ledger.ts';
import type { PrismaClient, Transaction } from './prisma-client.ts';

type PlaybackMeasured = EventOf<typeof playbackMeasured>;

const inbox = 'claimed_measurements';
const quality: CountingTable = { name: 'quality_series', keys: qualityKeys, counters: qualityCounters };
const startTimes: CountingTable = { name: 'start_times', keys: startTimeKeys, counters: startTimeCounters };

/**
 * Counts how playing felt. Of all that is told of one grant the first counts, and of what an account tells of one minute: what is not the
 * first of both is not counted at all. So whoever sends any number of measurements moves percentiles by one start a minute at most.
 */
export const createQualityLedger = (client: PrismaClient): Ledger<Consumed<PlaybackMeasured>> =>
  createLedger({
    client,
    inbox,
    read: startOf,
    claimOf: ({ id, data }, { grantedAt }) => ({ id, time: new Date(grantedAt), content: data.contentHash }),
    async write(tx, generation, fresh) {
      const counted = foldStarts(await findFirsts(tx, generation, fresh));
      await addCounts(tx, generation, quality, counted.quality);
      await addCounts(tx, generation, startTimes, counted.startTimes);
    },
  });

/** Those that are the first of their grant and of their account's minute, by claiming both. */
async function findFirsts(tx: Transaction, generation: GenerationId, starts: readonly MeasuredStart[]) {
  const claims = starts.flatMap(({ decisionId, grantedAt, userId, startedAt }) => {
    const minute = Math.floor(startedAt / minuteMs);
    return [
      { id: grantStartUuid(decisionId), time: new Date(grantedAt), content: '' },
      { id: minuteStartUuid(userId, minute), time: new Date(minute * minuteMs), content: '' },
    ];
  });
  const outcomes = await claimEvents(tx, inboxOf(inbox, generation), claims);
  return starts.filter((_, index) => outcomes[2 * index] === 'new' && outcomes[2 * index + 1] === 'new');
}

const minuteMs = 60_000;

function startOf({ data }: PlaybackMeasured): MeasuredStart {
  const { userId, decisionId, market, tier, outcome, clickToSoundMs, msPlayed, bytes } = data;
  return {
    userId,
    decisionId,
    grantedAt: Date.parse(data.grantedAt),
    startedAt: Date.parse(data.startedAt),
    market,
    tier,
    quality: data.quality,
    outcome,
    clickToSoundMs,
    msPlayed,
    stallsMs: data.stalls.map(({ lengthMs }) => lengthMs),
    bytes,
    edgeHits: data.edgeHits,
    edgeMisses: data.edgeMisses,
  };
}
