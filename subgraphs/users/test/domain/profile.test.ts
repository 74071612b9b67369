import { describe, expect, it } from 'vitest';
import { readDevice, readDisplayName } from '../../src/domain/profile.ts';

const name = (text: string) => {
  const outcome = readDisplayName(text);
  return outcome.ok ? outcome.value : outcome.problems[0]?.code;
};

describe('a display name', () => {
  it('is trimmed, composed, and of any script', () => {
    expect(name('  Zoe\u0308  ')).toBe('Zoë');
    expect(name('👩🏽‍🎤 Ünïcödé שלום')).toBe('👩🏽‍🎤 Ünïcödé שלום');
    expect(name('🎧'.repeat(50))).toBe('🎧'.repeat(50));
  });

  it.each([
    ['', 'TOO_SHORT'],
    [' \u3000 ', 'TOO_SHORT'],
    ['🎧'.repeat(51), 'TOO_LONG'],
    ['x'.repeat(1_000_000), 'TOO_LONG'],
    ['a\u0000b', 'INVALID'],
    ['a\nb', 'INVALID'],
    ['\u202egnp.exe', 'INVALID'],
    ['\u200b\u200d', 'INVALID'],
    ['half \ud83d', 'INVALID'],
  ])('is not %j', (text, code) => {
    expect(name(text)).toBe(code);
  });
});

describe('a device', () => {
  it('need not say what it is called', () => {
    for (const nothing of [undefined, null, '', '  '])
      expect(readDevice(nothing)).toEqual({ ok: true, value: null });
    expect(readDevice(' Ada’s phone ')).toEqual({ ok: true, value: 'Ada’s phone' });
    expect(readDevice('x'.repeat(101))).toMatchObject({ ok: false });
    expect(readDevice('a\u0000')).toMatchObject({ ok: false });
  });
});
