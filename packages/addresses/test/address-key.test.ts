import { expect, it } from 'vitest';
import { addressKey } from '../src/index.ts';

it.each([
  ['an IPv4 address by itself', '192.0.2.1', '192.0.2.1'],
  ['an IPv4 address in any spelling', '::ffff:192.0.2.1', '192.0.2.1'],
  ['an IPv4 address with its port', '192.0.2.1:443', '192.0.2.1'],
  ['an IPv6 address with its /64', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['another of that /64', '2001:db8:1:2:ffff::1', '2001:db8:1:2::/64'],
  ['another of that /64, in brackets', '[2001:0db8:0001:0002::9]:443', '2001:db8:1:2::/64'],
  ['a neighbour', '2001:db8:1:3::1', '2001:db8:1:3::/64'],
  ['zeros in the middle of the /64', '2001:db8::5', '2001:db8:0:0::/64'],
  ['zeros at its beginning', '::1', '0:0:0:0::/64'],
  ['zeros at its end', '2001:db8:1::', '2001:db8:1:0::/64'],
  ['what is no address', 'nonsense', 'unknown'],
  ['one of this link', 'fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['nothing', '', 'unknown'],
  ['an unknown one', null, 'unknown'],
])('counts %s', (_, address, key) => {
  expect(addressKey(address)).toBe(key);
});
