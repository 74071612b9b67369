import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type AccountDay, readAccountDay } from '../../src/domain/account-day.ts';
import { daysAround, foldPlays } from '../../src/domain/fold-plays.ts';
import type { Play } from '../../src/domain/play.ts';

const noon = Date.parse('2026-05-01T12:00:00.000Z');
const minute = 60_000;
const listener = { userId: randomUUID(), listenerHash: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) };

const play = (told: Partial<Play> = {}): Play => ({
  ...listener,
  id: randomUUID(),
  trackId: randomUUID(),
  playedAt: noon,
  msPlayed: 3 * minute,
  discount: null,
  decisionId: randomUUID(),
  market: 'DE',
  tier: 'FREE',
  skipped: false,
  deviceId: 'phone',
  deviceKey: 1n,
  ...told,
});

/** Counts batch by batch, as transactions do. */
function count(...batches: readonly (readonly Play[])[]) {
  const days = new Map<string, AccountDay>();
  const dayOfAccount = (userId: string, day: string) => {
    const key = `${userId} ${day}`;
    const known = days.get(key) ?? readAccountDay(Date.parse(day), new Uint8Array());
    days.set(key, known);
    return known;
  };
  return batches.map((plays) => foldPlays(plays, dayOfAccount));
}
const doubtsOf = (...plays: readonly Play[]) =>
  count(...plays.map((each) => [each])).map(({ doubtful: [first] }) => first?.doubt ?? null);

describe('plays that are counted', () => {
  it('are in the minute, the hour and the day in which they began', () => {
    const [counted] = count([
      play({ playedAt: noon + 59_999, skipped: true }),
      play({ playedAt: noon + 60 * minute, userId: randomUUID() }),
    ]);
    const points = counted?.series.map(({ grain, bucket, plays, skipped, ms_played }) => [
      ...[grain, String(bucket).slice(8, 16), plays, skipped, ms_played / minute],
    ]);
    expect(points).toEqual([
      [1, '01T12:00', 1, 1, 3],
      [60, '01T12:00', 1, 1, 3],
      [1440, '01T00:00', 2, 1, 6],
      [1, '01T13:00', 1, 0, 3],
      [60, '01T13:00', 1, 0, 3],
    ]);
  });

  it('are those of their track, in their market, in all markets, and since ever', () => {
    const trackId = randomUUID();
    const [counted] = count([
      play({ trackId }),
      play({ trackId, userId: randomUUID(), market: 'BR' }),
      play({ trackId, userId: randomUUID(), market: 'BR', playedAt: noon + 1_440 * minute }),
    ]);
    expect(counted?.trackPlays.map(({ market, day, plays }) => `${market} ${day} ${plays}`).sort()).toEqual([
      '* 2026-05-01 2',
      '* 2026-05-02 1',
      'BR 2026-05-01 1',
      'BR 2026-05-02 1',
      'DE 2026-05-01 1',
    ]);
    expect(counted?.trackTotals).toEqual([{ track_id: trackId, plays: 3 }]);
  });

  it('make a listener of their market, of all markets and of their track', () => {
    const trackId = randomUUID();
    const [counted] = count([play({ trackId })]);
    expect(counted?.listeners).toEqual(
      ['DE', '*', trackId].map((scope) => ({ scope, day: '2026-05-01', hashes: [listener.listenerHash] })),
    );
  });
});

describe('plays that are not counted', () => {
  it('are told by why, and are nothing else', () => {
    const discounts = ['TOO_SHORT', 'UNVERIFIED', 'GRANT_EXPIRED', 'TOO_SHORT'] as const;
    const [counted] = count([
      ...discounts.map((discount) => play({ discount, market: discount === 'UNVERIFIED' ? '' : 'DE' })),
    ]);
    const ofDay = counted?.series.filter(({ grain }) => grain === 1440) ?? [];
    expect(ofDay).toMatchObject([
      { market: 'DE', too_short: 2, unverified: 0, grant_expired: 1, doubtful: 0, plays: 0, ms_played: 0 },
      { market: '', too_short: 0, unverified: 1, grant_expired: 0, doubtful: 0, plays: 0, ms_played: 0 },
    ]);
    expect([counted?.trackPlays, counted?.trackTotals, counted?.listeners, counted?.doubtful]).toEqual([
      [],
      [],
      [],
      [],
    ]);
  });

  it('speak against nothing', () => {
    const short = play({ discount: 'TOO_SHORT' });
    expect(doubtsOf(short, play({ decisionId: short.decisionId }))).toEqual([null, null]);
  });
});

describe('plays that are doubtful', () => {
  it('overlap another one of the account', () => {
    expect(doubtsOf(play(), play({ playedAt: noon + minute }))).toEqual([null, 'OVERLAPPING']);
    expect(doubtsOf(play({ playedAt: noon + minute }), play())).toEqual([null, 'OVERLAPPING']);
  });

  it('overlap for longer than one track fades into the next', () => {
    expect(doubtsOf(play(), play({ playedAt: noon + 3 * minute - 12_000 }))).toEqual([null, null]);
    expect(doubtsOf(play(), play({ playedAt: noon + 3 * minute - 12_001 }))).toEqual([null, 'OVERLAPPING']);
  });

  it('are of two devices, when both are known', () => {
    const [own, other, unknown] = [play(), play({ deviceKey: 2n }), play({ deviceKey: 0n, deviceId: null })];
    expect(doubtsOf(own, other)).toEqual([null, 'TWO_DEVICES']);
    expect(doubtsOf(own, unknown)).toEqual([null, 'OVERLAPPING']);
    expect(doubtsOf(unknown, own)).toEqual([null, 'OVERLAPPING']);
  });

  it('have a grant that vouched for another one, also on the day before', () => {
    const first = play({ playedAt: Date.parse('2026-05-01T23:50:00.000Z') });
    const again = play({ decisionId: first.decisionId, playedAt: first.playedAt + 60 * minute });
    expect(doubtsOf(first, again)).toEqual([null, 'TOKEN_REUSED']);
    expect(doubtsOf(again, first)).toEqual([null, 'TOKEN_REUSED']);
    expect(doubtsOf(first, { ...again, playedAt: first.playedAt + minute })).toEqual([null, 'TOKEN_REUSED']);
  });

  it('name the play that counts, and speak against nothing themselves', () => {
    const first = play();
    const second = play({ playedAt: noon + 2 * minute });
    // Overlaps the second only, which does not count.
    const third = play({ playedAt: noon + 4 * minute });
    const counted = count([first, second, third]);
    expect(counted[0]?.doubtful).toEqual([{ ...second, doubt: 'OVERLAPPING', otherPlayId: first.id }]);
    expect(counted[0]?.series.find(({ grain }) => grain === 1440)).toMatchObject({ plays: 2, doubtful: 1 });
  });

  it('are no play of another account, whatever it played', () => {
    const first = play();
    expect(doubtsOf(first, { ...first, id: randomUUID(), userId: randomUUID() })).toEqual([null, null]);
  });

  it('are the same whether plays come together or one by one', () => {
    const plays = Array.from({ length: 200 }, (_, index) =>
      play({
        playedAt: noon + ((index * 7_919) % 1_000) * minute,
        msPlayed: 5 * minute,
        deviceKey: BigInt(index % 3),
      }),
    );
    const together = count(plays).flatMap(({ doubtful }) => doubtful);
    const oneByOne = count(...plays.map((each) => [each])).flatMap(({ doubtful }) => doubtful);
    expect(together.length).toBeGreaterThan(20);
    expect(oneByOne).toEqual(together);
  });
});

it('looks for what speaks against a play on the day before and the day after', () => {
  expect(daysAround(noon)).toEqual(['2026-04-30', '2026-05-01', '2026-05-02']);
});
