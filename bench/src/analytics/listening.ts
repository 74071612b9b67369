import type {
  EventOf,
  edgeTrafficCounted,
  playbackDecided,
  playbackMeasured,
  trackPlayed,
} from '@medley/events';
import { encodeId, importedUuid, newUuid } from '@medley/ids';
import { createRandom } from '../random.ts';
import { createExactNumbers, type ExactNumbers } from './exact-numbers.ts';
import { decided, measured, played, trafficCounted } from './told-events.ts';

/** What is told within some hours. */
export interface Chapter {
  readonly plays: EventOf<typeof trackPlayed>[];
  readonly measurements: EventOf<typeof playbackMeasured>[];
  readonly decisions: EventOf<typeof playbackDecided>[];
  readonly traffic: EventOf<typeof edgeTrafficCounted>[];
}

const dayMs = 86_400_000;
const days = 7;
const trafficMs = dayMs / 12;
/** Each listener plays once in each, so that nobody hears two tracks at once unless it is meant. */
const playsPerListener = 20;
const tracks = 20_000;
const markets = ['US', 'US', 'US', 'BR', 'BR', 'DE', 'DE', 'GB', 'IN', 'IN', 'MX', 'JP', 'FR', 'NG', 'SE'];
const denials = ['NOT_LICENSED', 'TIER_REQUIRED', 'EXPLICIT_BLOCKED', 'WITHDRAWN'] as const;

/**
 * A week of listening that ended with the last midnight of UTC, in the order of time. One play in a hundred uses a grant once more, and
 * one event in a hundred is told twice.
 * @returns the chapters, and the exact numbers, which are whole when all chapters were taken
 */
export function createListening(
  plays: number,
  now = Date.now(),
): { readonly chapters: Iterable<Chapter>; readonly exact: ExactNumbers } {
  const listeners = Math.ceil(plays / playsPerListener);
  const exact = createExactNumbers(listeners);
  return { exact, chapters: tell(plays, listeners, exact, now) };
}

function* tell(plays: number, listeners: number, exact: ExactNumbers, now: number): Generator<Chapter> {
  const random = createRandom(41);
  const end = Math.floor(now / dayMs) * dayMs;
  const userIds = Array.from({ length: listeners }, (_, number) =>
    encodeId('user', importedUuid('bench', 'user', `${number}`)),
  );
  const trackIds = Array.from({ length: tracks }, (_, number) =>
    encodeId('track', importedUuid('bench', 'track', `${number}`)),
  );
  // About Zipf: the logarithm of ranks is uniform.
  const pickTrack = () => trackIds[Math.floor(tracks ** random.next()) - 1] as string;
  const drawNormal = () =>
    Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  const grants = new Map<number, Grant>();
  const roundMs = (days * dayMs) / playsPerListener;
  let chapter = emptyChapter();
  for (let number = 0; number < plays; number += 1) {
    const listener = number % listeners;
    const round = Math.floor(number / listeners);
    const [userId, trackId] = [userIds[listener] as string, pickTrack()];
    const at =
      end - days * dayMs + round * roundMs + Math.floor((listener / listeners) * (roundMs - 600_000));
    const market = (
      random.next() < 0.02 ? random.pick(markets) : markets[listener % markets.length]
    ) as string;
    const tier = listener % 5 < 2 ? 'PREMIUM' : 'FREE';
    const fate = random.next();
    const last = grants.get(listener);
    const reused = fate >= 0.99 && last && at - last.grantedAt < dayMs ? last : null;
    const grant = reused ?? { decisionId: encodeId('decision', newUuid()), grantedAt: at };
    const discount = fate < 0.17 ? 'TOO_SHORT' : fate < 0.19 ? 'UNVERIFIED' : null;
    const msPlayed = discount === 'TOO_SHORT' ? random.below(30_000) : 30_000 + random.below(210_000);
    const facts = { ...grant, userId, trackId, market, tier, at, msPlayed } as const;
    chapter.plays.push(played(facts, discount));
    if (discount === 'TOO_SHORT') exact.plays.tooShort += 1;
    else if (discount === 'UNVERIFIED') exact.plays.unverified += 1;
    else if (reused) exact.plays.doubtful += 1;
    else {
      exact.plays.counted += 1;
      exact.addListener(market, new Date(at).toISOString().slice(0, 10), listener);
      grants.set(listener, grant);
    }
    if (number % 5 === 0 && !reused) {
      const clickToSoundMs = Math.round((tier === 'PREMIUM' ? 90 : 140) * Math.exp(0.6 * drawNormal()));
      chapter.measurements.push(measured(facts, clickToSoundMs));
      exact.addStart(tier, clickToSoundMs);
    }
    if (number % 5 === 1 && !reused) {
      const decision = decided(facts, random.next() < 0.7 ? 'GRANTED' : random.pick(denials));
      const { outcome, sampledOutOf } = decision.data;
      chapter.decisions.push(decision);
      exact.decisions.set(outcome, (exact.decisions.get(outcome) ?? 0) + sampledOutOf);
    }
    if (number % 500 === 0) {
      // What was fetched most is kept for three hours only: of the last two, nothing is forgotten meanwhile.
      const trafficAt = now - (1 - number / plays) * trafficMs;
      chapter.traffic.push(trafficCounted(`edge-${number % 3}`, trafficAt));
    }
    if (random.next() < 0.01) chapter.plays.push(chapter.plays.at(-1) as Chapter['plays'][number]);
    if (number % 5_000 < 4_999 && number < plays - 1) continue;
    yield chapter;
    chapter = emptyChapter();
  }
}

interface Grant {
  readonly decisionId: string;
  /** In milliseconds since 1970. */
  readonly grantedAt: number;
}

const emptyChapter = (): Chapter => ({ plays: [], measurements: [], decisions: [], traffic: [] });
