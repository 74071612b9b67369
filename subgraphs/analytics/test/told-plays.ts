import { createHash, randomUUID } from 'node:crypto';
import { createEvent, type EventOf, trackPlayed } from '@medley/events';
import { encodeId } from '@medley/ids';

export type TrackPlayed = EventOf<typeof trackPlayed>;

/** Noon of yesterday, in milliseconds since 1970: when plays begin unless told otherwise. */
const noon = new Date().setUTCHours(12, 0, 0, 0) - 86_400_000;

/** A play that counts, of an account of its own. */
export function played(
  told: Partial<TrackPlayed['data']> & { readonly id?: string; readonly at?: number } = {},
): TrackPlayed {
  const { id = randomUUID(), at = noon, ...data } = told;
  const userId = data.userId ?? encodeId('user', randomUUID());
  const playedAt = new Date(at).toISOString();
  return createEvent(trackPlayed, {
    source: 'streaming',
    id,
    key: userId,
    time: new Date(at),
    data: {
      userId,
      trackId: encodeId('track', randomUUID()),
      playedAt,
      reportedAt: new Date(at + 300_000).toISOString(),
      contentHash: id,
      msPlayed: 180_000,
      counted: (data.notCountedReason ?? null) === null,
      notCountedReason: null,
      context: null,
      decisionId: encodeId('decision', randomUUID()),
      market: 'DE',
      tier: 'PREMIUM',
      quality: 'HIGH',
      grantedAt: new Date(at - 1_000).toISOString(),
      startReason: 'CLICK',
      endReason: 'TRACK_DONE',
      skipped: false,
      offline: false,
      deviceId: 'phone',
      clickToSoundMs: null,
      stalls: 0,
      stalledMs: 0,
      ...data,
    },
  });
}

/** Numbers from 0 up to 1 that are the same for the same seed: mulberry32, public domain, by Tommy Ettinger. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Plays of some hundred accounts over three days, as they may be told: some do not count, some cannot be true, some are told late,
 * some twice, and sometimes two accounts use one id.
 * @param count how many different plays, about; a tenth more are told
 */
export function listening(count: number, seed: number): TrackPlayed[] {
  const random = createRandom(seed);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const uuid = (name: string) => {
    const hex = createHash('sha256').update(`${seed} ${name}`).digest('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  };
  const tracks = Array.from({ length: 300 }, (_, index) => encodeId('track', uuid(`track ${index}`)));
  const accounts = Array.from({ length: 150 }, (_, index) => ({
    userId: encodeId('user', uuid(`user ${index}`)),
    market: pick(['DE', 'BR', 'US', 'JP']),
    tier: pick(['FREE', 'PREMIUM'] as const),
    freeAt: noon - 2 * 86_400_000 + random() * 40_000_000,
    lastDecision: '',
  }));
  const told: TrackPlayed[] = [];
  for (let index = 0; index < count; index++) {
    const account = pick(accounts);
    const { userId, market, tier } = account;
    const is = (share: number) => random() < share;
    const notCountedReason = is(0.1)
      ? 'TOO_SHORT'
      : is(0.02)
        ? 'UNVERIFIED'
        : is(0.01)
          ? 'GRANT_EXPIRED'
          : null;
    const msPlayed = notCountedReason === 'TOO_SHORT' ? 9_000 : 30_000 + Math.floor(random() * 200_000);
    const overlapMs = is(0.04) ? 13_000 + random() * 30_000 : is(0.2) ? 5_000 : 0;
    const at = Math.floor(account.freeAt - overlapMs);
    const decisionId =
      is(0.02) && account.lastDecision
        ? account.lastDecision
        : encodeId('decision', uuid(`decision ${index}`));
    account.lastDecision = decisionId;
    account.freeAt = Math.max(account.freeAt, at + msPlayed) + random() * 60_000;
    const hasGrant = notCountedReason !== 'UNVERIFIED';
    const before = told.at(-1);
    const play = played({
      id: is(0.01) && before ? before.id : uuid(`play ${index}`),
      at,
      ...{ userId, msPlayed, notCountedReason, trackId: pick(tracks), skipped: is(0.3) },
      ...(hasGrant
        ? { market, tier, decisionId }
        : { market: null, tier: null, quality: null, decisionId: null }),
      grantedAt: hasGrant ? new Date(at - 1_000).toISOString() : null,
      contentHash: uuid(`content ${index}`),
      deviceId: is(0.05) ? null : pick(['phone', 'phone', 'phone', 'kitchen']),
    });
    told.push(play);
    if (is(0.1))
      told.push({ ...play, data: { ...play.data, reportedAt: new Date(at + 900_000).toISOString() } });
  }
  // Some are offline for a while.
  const late = told.map((play, place) => ({
    play,
    place: random() < 0.05 ? place + random() * 3_000 : place,
  }));
  return late.toSorted((one, other) => one.place - other.place).map(({ play }) => play);
}
