import type { Actor, Identity } from '@medley/identity';
import { describe, expect, it } from 'vitest';
import { defaultStreamLimits, holdersOf } from '../../src/stream-limits/stream-limits.ts';

const holders = (actor: Actor, clientAddress: string | null = null) => {
  const identity: Identity = { actor, market: null, marketSource: null, explicit: true, clientAddress };
  return holdersOf(identity, defaultStreamLimits).map(({ key, kind, limit }) => [key, kind, limit]);
};

describe('open streams are counted', () => {
  it('for an account: 20, whichever sessions it has', () => {
    const viewer = { kind: 'viewer' as const, id: 'user_1', scopes: [] };
    expect(holders({ ...viewer, sessionId: 'session_1' })).toEqual([['viewer:user_1', 'account', 20]]);
    expect(holders({ ...viewer, sessionId: 'session_2' })).toEqual([['viewer:user_1', 'account', 20]]);
  });

  it('for an app: 1,000, and with the account that it acts for', () => {
    const app = { kind: 'app' as const, id: 'app_1', scopes: [] };
    expect(holders(app)).toEqual([['app:app_1', 'app', 1_000]]);
    expect(holders({ ...app, viewerId: 'user_1' })).toEqual([
      ['viewer:user_1', 'account', 20],
      ['app:app_1', 'app', 1_000],
    ]);
  });

  it('for an address that nobody is signed in at: 50, of IPv6 for its network', () => {
    const nobody = { kind: 'anonymous' } as const;
    expect(holders(nobody, '192.0.2.1')).toEqual([['address:192.0.2.1', 'address', 50]]);
    expect(holders(nobody, '2001:db8::1')).toEqual(holders(nobody, '2001:db8::ffff'));
    expect(holders(nobody, '2001:db8::1')).not.toEqual(holders(nobody, '2001:db8:0:1::1'));
  });
});
