import { describe, expect, it } from 'vitest';
import { decodePlayPosition, encodePlayPosition } from '../src/index.ts';

describe('the token of a place among the plays', () => {
  it('comes back as it was, from the first place to the last that there can be', () => {
    for (const place of [
      { partition: 0, offset: 0n },
      { partition: 11, offset: 4_711n },
      { partition: 99_999, offset: 9_223_372_036_854_775_807n },
    ])
      expect(decodePlayPosition(encodePlayPosition(place))).toEqual(place);
  });

  it('is refused when it is none', () => {
    const others = ['', 'x', '2.1.1', '1.-1.1', '1.1', '1.1.1.1', '1. 1.1', '1.1.1e3'];
    for (const text of others) expect(decodePlayPosition(Buffer.from(text).toString('base64url'))).toBeNull();
    expect(decodePlayPosition('1.1.1')).toBeNull();
    expect(decodePlayPosition('MS4xLjE'.repeat(1_000))).toBeNull();
  });
});
