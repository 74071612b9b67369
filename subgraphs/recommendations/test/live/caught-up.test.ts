import { encodePlayPosition } from '@medley/events';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { describe, expect, it } from 'vitest';
import { createMemoryTasteProfiles } from '../../src/adapters/memory-taste-profiles.ts';
import { InvalidTokenError } from '../../src/domain/caught-up.ts';
import { foldPlays } from '../../src/domain/fold-plays.ts';
import type { TasteProfile } from '../../src/domain/taste-profile.ts';
import { type CaughtUpOptions, createCaughtUp } from '../../src/live/caught-up.ts';
import { createProfiles } from '../../src/live/profiles.ts';
import { createMemoryUserData } from './memory-user-data.ts';

const userId = 'one';
const token = (offset: number) => encodePlayPosition({ partition: 2, offset: BigInt(offset) });

/** A profile that has all plays up to this offset. */
function upTo(offset: number): TasteProfile {
  const play = {
    eventId: `e${offset}`,
    trackId: 't1',
    playedAt: 0,
    signal: 1,
    context: null,
    place: { partition: 2, offset: BigInt(offset) },
    toldAt: 0,
  };
  const profile = foldPlays(null, userId, [play], () => null);
  if (!profile) throw new Error('expected a profile');
  return { ...profile, version: offset + 1 };
}

function open(options: Partial<CaughtUpOptions> = {}) {
  const metrics = createMetrics();
  const durable = createMemoryUserData();
  const fast = createMemoryTasteProfiles();
  const profiles = createProfiles({ fast, durable: durable.profiles, logger: silentLogger, metrics });
  return { fast, durable, profiles, caughtUp: createCaughtUp({ profiles, metrics, ...options }) };
}

describe('who waits for a play', () => {
  it('need not wait when it is in', async () => {
    const { caughtUp, profiles } = open({ deadlineMs: 60_000 });
    await profiles.save([upTo(7)]);
    expect(await caughtUp.wait(userId, token(7))).toBe(true);
    expect(await caughtUp.wait(userId, token(3))).toBe(true);
  });

  it('is told as soon as this process has saved it', async () => {
    const { caughtUp } = open({ deadlineMs: 60_000 });
    const waiting = caughtUp.wait(userId, token(7));
    caughtUp.notice(new Map([[userId, upTo(6)]]));
    caughtUp.notice(new Map([['other', upTo(9)]]));
    caughtUp.notice(new Map([[userId, upTo(8)]]));
    expect(await waiting).toBe(true);
  });

  it.each(['quick', 'durable'] as const)('finds what another process saved, in the %s copy', async (copy) => {
    const { caughtUp, fast, durable } = open({ deadlineMs: 60_000 });
    const waiting = [5, 6, 7].map((offset) => caughtUp.wait(userId, token(offset)));
    await (copy === 'quick' ? fast : durable.profiles).save([upTo(7)]);
    expect(await Promise.all(waiting)).toEqual([true, true, true]);
  });

  it('is told when it takes too long, also while the durable copies hang', async () => {
    const { caughtUp, durable } = open({ deadlineMs: 60 });
    durable.profiles.find = () => new Promise(() => {});
    expect(await caughtUp.wait(userId, token(7))).toBe(false);
    durable.profiles.find = () => Promise.reject(new Error('away'));
    expect(await caughtUp.wait(userId, token(7))).toBe(false);
  });

  it('is told at once how it is where too many wait', async () => {
    const { caughtUp, fast } = open({ deadlineMs: 60_000, most: 1 });
    const waiting = caughtUp.wait(userId, token(7));
    expect(await caughtUp.wait(userId, token(8))).toBe(false);
    await fast.save([upTo(9)]);
    expect(await caughtUp.wait(userId, token(8))).toBe(true);
    expect(await waiting).toBe(true);
  });

  it('is told at once how it is where it has many waits already, which costs nobody else', async () => {
    const { caughtUp, fast } = open({ deadlineMs: 60_000, mostOfUser: 1 });
    const waiting = caughtUp.wait(userId, token(7));
    expect(await caughtUp.wait(userId, token(8))).toBe(false);
    await fast.save([upTo(9)]);
    expect(await waiting).toBe(true);
  });

  it('is told that a token is none', async () => {
    await expect(open().caughtUp.wait(userId, 'x')).rejects.toThrow(InvalidTokenError);
  });
});
