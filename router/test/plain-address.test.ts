import { describe, expect, it } from 'vitest';
import { plainAddress } from '../src/identity/plain-address.ts';

describe('an address', () => {
  it.each([
    ['8.8.8.8', '8.8.8.8'],
    [' 8.8.8.8 ', '8.8.8.8'],
    ['::ffff:8.8.8.8', '8.8.8.8'],
    ['::FFFF:8.8.8.8', '8.8.8.8'],
    ['::ffff:808:808', '8.8.8.8'],
    ['0:0:0:0:0:ffff:0808:0808', '8.8.8.8'],
    ['8.8.8.8:443', '8.8.8.8'],
    ['[::ffff:808:808]:443', '8.8.8.8'],
    ['[2a02:8100::1]:443', '2a02:8100::1'],
    ['[2a02:8100::1]', '2a02:8100::1'],
    ['2A02:8100:0:0:0:0:0:1', '2a02:8100::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::1', '::1'],
  ])('%j is %s', (text, address) => {
    expect(plainAddress(text)).toBe(address);
  });

  it.each([
    '',
    'nonsense',
    '8.8.8',
    '8.8.8.8:',
    '8.8.8.8:x',
    '8.8.8.256:443',
    '[8.8.8.8',
    '[]',
    '[]:1',
    '[x]:443',
    '::ffff:808:808:443:1:2:3:4',
  ])('%j is none', (text) => {
    expect(plainAddress(text)).toBeNull();
  });
});
