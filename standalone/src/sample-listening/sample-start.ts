import type { Random } from '@medley/catalog/sample/random';
import { createEvent, playbackMeasured } from '@medley/events';
import type { SampleListener } from './sample-listeners.ts';
import type { Decided, Measured } from './told.ts';

const kbps = { LOW: 96, MEDIUM: 128, NORMAL: 160, HIGH: 320, LOSSLESS: 1_000 } as const;
const sliceBytes = 524_288;

/** How a start that was granted turned out. */
export interface SampleStart {
  readonly outcome: Measured['data']['outcome'];
  readonly failure: string | null;
  readonly httpStatus: number | null;
  readonly clickToSoundMs: number | null;
  readonly stalls: readonly { readonly atMs: number; readonly lengthMs: number }[];
}

/**
 * Now and then nothing comes, or somebody does not wait; more often on slow networks.
 * @param first of a session: what follows was fetched ahead
 * @param msPlayed how long it is heard if it starts
 */
export function drawStart(
  random: Random,
  { slowness }: SampleListener,
  { first, msPlayed }: { first: boolean; msPlayed: number },
): SampleStart {
  const silent = { clickToSoundMs: null, stalls: [] };
  if (random.chance(0.006 * slowness)) {
    const [failure, httpStatus] = random.pick([
      ['NETWORK', null],
      ['HTTP', 503],
      ['HTTP', 410],
      ['DECODE', null],
    ] as const);
    return { outcome: 'FAILED', failure, httpStatus, ...silent };
  }
  const started = { failure: null, httpStatus: null };
  if (random.chance(0.008 * slowness)) return { outcome: 'ABANDONED', ...started, ...silent };
  // Times of networks have a long tail: the logarithm is about normal.
  const clickToSoundMs = Math.round((first ? 125 : 55) * slowness * Math.exp(0.55 * drawNormal(random)));
  const stalls = random.chance(0.025 * slowness)
    ? [{ atMs: Math.floor(random.next() * msPlayed), lengthMs: random.integer(200, 4_000) }]
    : [];
  return { outcome: 'STARTED', ...started, clickToSoundMs, stalls };
}

/** A start as the player measured it. @param id a UUID */
export function createMeasurement(
  id: string,
  { data: { decisionId, userId, trackId, market, tier, grantedQuality, decidedAt } }: Decided,
  start: SampleStart,
  { random, msPlayed, reportedAt }: { random: Random; msPlayed: number; reportedAt: Date },
): Measured {
  if (!userId || !market || !tier || !grantedQuality) throw new Error(`${decisionId} grants nothing`);
  const bytes = start.outcome === 'STARTED' ? Math.round((msPlayed / 1_000) * kbps[grantedQuality] * 125) : 0;
  const slices = Math.ceil(bytes / sliceBytes);
  const edgeMisses = random.chance(0.06) ? Math.min(slices, random.integer(1, 3)) : 0;
  return createEvent(playbackMeasured, {
    source: 'streaming',
    id,
    time: new Date(decidedAt),
    key: userId,
    data: {
      ...{ userId, trackId, decisionId, market, tier, quality: grantedQuality },
      grantedAt: decidedAt,
      startedAt: decidedAt,
      reportedAt: reportedAt.toISOString(),
      contentHash: id,
      ...{ outcome: start.outcome, failure: start.failure, httpStatus: start.httpStatus },
      clickToSoundMs: start.clickToSoundMs,
      msPlayed: start.outcome === 'STARTED' ? msPlayed : 0,
      stalls: [...start.stalls],
      ...{ bytes, edgeHits: slices - edgeMisses, edgeMisses },
      deviceId: null,
      player: 'sample/1.0.0',
    },
  });
}

/** Normally distributed about 0 with a deviation of 1, by Box and Muller. */
const drawNormal = (random: Random) =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
