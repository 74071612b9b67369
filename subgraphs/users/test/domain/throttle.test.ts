import { describe, expect, it } from 'vitest';
import { addressKey, throttled } from '../../src/domain/throttle.ts';

describe('the key of a client address', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::', '2001:db8:1:2::/64'],
    ['2001:db8::6', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    [null, 'unknown'],
  ])('of %s is %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });

  it('is told to people in minutes', () => {
    expect(throttled(1).message).toBe('Too many attempts: try again in a minute.');
    expect(throttled(60_001).message).toBe('Too many attempts: try again in 2 minutes.');
  });
});
