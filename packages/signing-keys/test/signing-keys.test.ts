import { describe, expect, it } from 'vitest';
import { parseSigningKeys } from '../src/index.ts';

const good = Buffer.alloc(32, 7).toString('base64url');

describe('parseSigningKeys', () => {
  it('reads one or several keys, the first of which signs', () => {
    const keys = parseSigningKeys(`2026-01:${good}, 2025-12:${good}`);
    expect(keys.current.kid).toBe('2026-01');
    expect([...keys.byKid.keys()]).toEqual(['2026-01', '2025-12']);
  });

  it.each([
    ['', 'Signing key 1 of 1 must be <kid>:<base64url secret>, got no colon'],
    [`a:${good},`, 'Signing key 2 of 2 must be <kid>:<base64url secret>'],
    [`:${good}`, 'must have an id of 1..32 characters'],
    [`a.b:${good}`, 'A-Z a-z 0-9 _ -, got "a.b"'],
    [`${'k'.repeat(33)}:${good}`, 'must have an id of 1..32 characters'],
    [`a:${good}=`, '("a") must have its secret in base64url without padding'],
    [`a:${Buffer.alloc(31).toString('base64url')}`, '("a") must have at least 32 bytes of secret, got 31'],
    [`a:${good},a:${good}`, 'Signing keys need distinct ids, "a" came twice'],
  ])('refuses %j', (text, message) => {
    expect(() => parseSigningKeys(text)).toThrow(message);
  });

  it('never shows a secret in its errors', () => {
    const secret = 'not base64url but secret!';
    expect(() => parseSigningKeys(`a:${secret}`)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(secret) }),
    );
  });
});
