import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type KeptPlay, readAccountDay } from '../../src/domain/account-day.ts';

const day = Date.parse('2026-05-01T00:00:00.000Z');
const minute = 60_000;
const kept = (told: Partial<KeptPlay> = {}): KeptPlay => ({
  id: randomUUID(),
  playedAt: day + 600 * minute,
  msPlayed: 3 * minute,
  decisionId: randomUUID(),
  deviceKey: 7n,
  ...told,
});
const nothing = new Uint8Array();

describe('the plays of an account on a day', () => {
  it('are found again when they were stored', () => {
    const plays = [kept({ deviceKey: 2n ** 64n - 1n }), kept({ playedAt: day, msPlayed: 1_440 * minute })];
    const written = readAccountDay(day, nothing);
    for (const play of plays) written.append(play);
    expect(written.appended).toHaveLength(96);
    const read = readAccountDay(day, written.appended);
    expect(read.appended).toHaveLength(0);
    for (const { id, decisionId } of plays) expect(read.findByGrant(decisionId as string)).toBe(id);
    expect(read.findAtOnce(kept(), 0)).toEqual({ id: plays[0]?.id, deviceKey: 2n ** 64n - 1n });
    expect(read.findAtOnce(kept({ playedAt: day + 1_439 * minute }), 0)?.id).toBe(plays[1]?.id);
  });

  it('go on where they were', () => {
    const [first, second] = [kept(), kept({ playedAt: day + 700 * minute })];
    const before = readAccountDay(day, nothing);
    before.append(first);
    const after = readAccountDay(day, before.appended);
    after.append(second);
    const stored = Buffer.concat([before.appended, after.appended]);
    expect(readAccountDay(day, stored).findByGrant(first.decisionId as string)).toBe(first.id);
    expect(readAccountDay(day, stored).findByGrant(second.decisionId as string)).toBe(second.id);
  });

  it('are heard at once when they share more than a time', () => {
    const account = readAccountDay(day, nothing);
    const play = kept();
    account.append(play);
    const startingAt = (ms: number) => account.findAtOnce(kept({ playedAt: play.playedAt + ms }), 12_000);
    expect(startingAt(3 * minute - 12_000)).toBeNull();
    expect(startingAt(3 * minute - 12_001)?.id).toBe(play.id);
    expect(startingAt(-(3 * minute - 12_000))).toBeNull();
    expect(startingAt(-(3 * minute - 12_001))?.id).toBe(play.id);
    // One within the other.
    expect(
      account.findAtOnce(kept({ playedAt: play.playedAt + minute, msPlayed: 12_001 }), 12_000),
    ).not.toBeNull();
    expect(
      account.findAtOnce(kept({ playedAt: play.playedAt + minute, msPlayed: 12_000 }), 12_000),
    ).toBeNull();
  });

  it('reach into the next day, and are reached from there', () => {
    const account = readAccountDay(day, nothing);
    account.append(kept({ playedAt: day + 1_439 * minute, msPlayed: 60 * minute }));
    expect(account.findAtOnce(kept({ playedAt: day + 1_470 * minute }), 12_000)).not.toBeNull();
    expect(account.findAtOnce(kept({ playedAt: day + 1_500 * minute }), 12_000)).toBeNull();
    expect(
      account.findAtOnce(kept({ playedAt: day - minute, msPlayed: 1_441 * minute }), 12_000),
    ).not.toBeNull();
  });

  it('are not of those that have no grant', () => {
    const account = readAccountDay(day, nothing);
    account.append(kept({ decisionId: null }));
    expect(account.findByGrant(randomUUID())).toBeNull();
  });

  it('refuse bytes that are none', () => {
    expect(() => readAccountDay(day, new Uint8Array(47))).toThrow(RangeError);
  });
});
