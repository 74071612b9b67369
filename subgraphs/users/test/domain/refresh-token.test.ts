import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createRefreshToken,
  decideRefresh,
  hashRefreshToken,
  readRefreshToken,
  retryWindowMs,
  writeRefreshToken,
} from '../../src/domain/refresh-token.ts';
import { deriveSecret } from '../../src/domain/secret.ts';
import { expiryOf, type Session } from '../../src/domain/session.ts';

const hash = (byte: number) => new Uint8Array(32).fill(byte);
const at = (milliseconds: number) => new Date(1_000_000 + milliseconds);
const session = (changes: Partial<Session> = {}): Session => ({
  id: 'session',
  accountId: 'account',
  device: null,
  secretHash: hash(2),
  previousSecretHash: hash(1),
  successorSalt: hash(9),
  createdAt: at(0),
  lastUsedAt: at(0),
  expiresAt: at(60_000),
  endedAt: null,
  endReason: null,
  ...changes,
});

describe('a refresh token', () => {
  it('is read as it was written, and nothing else is one', () => {
    const token = createRefreshToken();
    const text = writeRefreshToken(token);
    expect(readRefreshToken(text)).toEqual(token);
    for (const other of [
      '',
      text.slice(1),
      `${text}A`,
      `${text}\n`,
      text.toUpperCase(),
      text.replace('mrt', 'mrt2'),
    ]) {
      expect(readRefreshToken(other)).toBeUndefined();
    }
    expect(text.length).toBeLessThanOrEqual(200);
  });

  it('never comes twice', () => {
    const tokens = Array.from({ length: 1_000 }, () => writeRefreshToken(createRefreshToken()));
    expect(new Set(tokens).size).toBe(1_000);
  });

  it('rests as two hashes that tell nothing of each other', async () => {
    const token = createRefreshToken();
    const { familyHash, secretHash } = await hashRefreshToken(token);
    expect([familyHash.length, secretHash.length]).toEqual([32, 32]);
    expect((await hashRefreshToken({ ...token, secret: createRefreshToken().secret })).familyHash).toEqual(
      familyHash,
    );
  });

  it('has a successor that needs both the token and the salt', async () => {
    const [one, other] = [createRefreshToken().secret, createRefreshToken().secret];
    expect(await deriveSecret(one, hash(1))).toBe(await deriveSecret(one, hash(1)));
    expect(await deriveSecret(one, hash(1))).not.toBe(await deriveSecret(one, hash(2)));
    expect(await deriveSecret(one, hash(1))).not.toBe(await deriveSecret(other, hash(1)));
    expect(await deriveSecret(one, hash(1))).toHaveLength(43);
  });
});

describe('what a refresh token deserves', () => {
  it('is a rotation when it is the current one of a living session', () => {
    expect(decideRefresh(session(), hash(2), at(59_999))).toBe('ROTATE');
    expect(decideRefresh(session({ previousSecretHash: null, successorSalt: null }), hash(2), at(0))).toBe(
      'ROTATE',
    );
  });

  it('is the same answer again when it was the current one until a moment ago', () => {
    expect(decideRefresh(session(), hash(1), at(retryWindowMs))).toBe('REPEAT');
    expect(decideRefresh(session(), hash(1), at(retryWindowMs + 1))).toBe('REUSED');
  });

  it('is the end of the session when it is any other of its family, and nothing when the session is over', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.nat(59_999),
        (secretHash, milliseconds) => {
          expect(decideRefresh(session(), secretHash, at(milliseconds))).toBe('REUSED');
          const ended = session({ endedAt: at(0), endReason: 'SIGNED_OUT' });
          expect(decideRefresh(ended, secretHash, at(milliseconds))).toBe('REJECTED');
          expect(decideRefresh(session(), hash(2), at(60_000 + milliseconds))).toBe('REJECTED');
          expect(decideRefresh(null, secretHash, at(milliseconds))).toBe('REJECTED');
        },
      ),
    );
  });

  it('never lasts longer than a year from the first sign-in', () => {
    const day = 86_400_000;
    expect(expiryOf(new Date(0), new Date(0))).toEqual(new Date(30 * day));
    expect(expiryOf(new Date(0), new Date(350 * day))).toEqual(new Date(365 * day));
  });
});
