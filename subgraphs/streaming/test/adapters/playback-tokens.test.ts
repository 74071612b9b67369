import { parseSigningKeys } from '@medley/signing-keys';
import { describe, expect, it } from 'vitest';
import { createPlaybackTokens } from '../../src/adapters/playback-tokens.ts';

const secret = (fill: number) => Buffer.alloc(32, fill).toString('base64url');
const tokens = createPlaybackTokens({ keys: parseSigningKeys(`old:${secret(1)}`) });
const facts = {
  decisionId: 'decision_06awfzyb8ssk46dyw3e5t1m4kw',
  viewerId: 'user_06awfzyb8ssk46dyw3e5t1m4kw',
  trackId: 'track_06awfzyb8ssk46dyw3e5t1m4kw',
  market: 'DE',
  tier: 'PREMIUM',
  requestedQuality: 'LOSSLESS',
  grantedQuality: 'HIGH',
  decidedAt: new Date('2026-11-23T08:00:00.123Z'),
} as const;

describe('playback tokens', () => {
  it('give back the facts that were signed', () => {
    expect(tokens.verify(tokens.sign(facts))).toEqual(facts);
  });

  it('stay good while a new key signs, and end with their own key', () => {
    const token = tokens.sign(facts);
    const rotated = createPlaybackTokens({ keys: parseSigningKeys(`new:${secret(2)},old:${secret(1)}`) });
    const later = createPlaybackTokens({ keys: parseSigningKeys(`new:${secret(2)}`) });
    expect(rotated.verify(token)).toEqual(facts);
    expect(later.verify(rotated.sign(facts))).toEqual(facts);
    expect(later.verify(token)).toBeNull();
  });

  it('are refused with any one character changed', () => {
    const token = tokens.sign(facts);
    for (let at = 0; at < token.length; at += 1) {
      const other = token[at] === 'A' ? 'B' : 'A';
      expect(tokens.verify(`${token.slice(0, at)}${other}${token.slice(at + 1)}`), `at ${at}`).toBeNull();
    }
  });

  it('are refused when another key of the same name signed them', () => {
    const forger = createPlaybackTokens({ keys: parseSigningKeys(`old:${secret(9)}`) });
    expect(tokens.verify(forger.sign(facts))).toBeNull();
  });

  it.each(['', 'v1', 'v1...', 'v1.old.e30.', `v1.old.e30.${'A'.repeat(43)}`, 'x'.repeat(10_000)])(
    'are refused when they are none: %s',
    (text) => {
      expect(tokens.verify(text)).toBeNull();
    },
  );

  it('are short enough for a header', () => {
    expect(tokens.sign(facts).length).toBeLessThan(500);
  });
});
