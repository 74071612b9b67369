import { describe, expect, it } from 'vitest';
import { grantLifetime } from '../../src/domain/grant-lifetime.ts';

const decidedAt = new Date('2026-11-23T08:00:00.600Z');

describe('grantLifetime', () => {
  it('is the duration and ten minutes, in whole seconds as the edge counts', () => {
    const { expiresAt, refreshAfter } = grantLifetime(decidedAt, 200_000);
    expect(expiresAt.toISOString()).toBe('2026-11-23T08:13:20.000Z');
    expect(refreshAfter.toISOString()).toBe('2026-11-23T08:08:53.933Z');
  });

  it('is just under two hours at most', () => {
    const { expiresAt, refreshAfter } = grantLifetime(decidedAt, 9 * 3_600_000);
    expect(expiresAt.toISOString()).toBe('2026-11-23T09:59:55.000Z');
    expect(refreshAfter.toISOString()).toBe('2026-11-23T09:19:57.267Z');
  });

  it('leaves time to refresh also for a track without length', () => {
    const { expiresAt, refreshAfter } = grantLifetime(decidedAt, 0);
    expect(expiresAt.getTime() - refreshAfter.getTime()).toBeGreaterThan(180_000);
  });
});
