import { parseOptions } from '@node-rs/argon2';
import { afterEach, describe, expect, it, vi } from 'vitest';

const computations = vi.hoisted(() => ({ running: 0, most: 0, verified: [] as string[] }));
// Passes through to the real one, and watches.
vi.mock('@node-rs/argon2', async (importOriginal) => {
  const real = await importOriginal<typeof import('@node-rs/argon2')>();
  const watched = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    computations.running += 1;
    computations.most = Math.max(computations.most, computations.running);
    return work().finally(() => {
      computations.running -= 1;
    });
  };
  return {
    ...real,
    hash: (...args: Parameters<typeof real.hash>) => watched(() => real.hash(...args)),
    verify: (...args: Parameters<typeof real.verify>) => {
      computations.verified.push(String(args[0]));
      return watched(() => real.verify(...args));
    },
  };
});
// Another file of the same worker may have loaded it with the real one.
vi.resetModules();
const { createArgon2PasswordHasher, nobodysHash } = await import(
  '../../src/adapters/argon2-password-hasher.ts'
);

describe('argon2id', () => {
  afterEach(() => {
    computations.most = 0;
    computations.verified = [];
  });

  it('hashes with OWASP’s parameters and a salt of its own', async () => {
    const hasher = createArgon2PasswordHasher();
    const one = await hasher.hash('correct horse');
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(await hasher.hash('correct horse'));
    expect(await hasher.verify(one, 'correct horse')).toBe(true);
    expect(await hasher.verify(one, 'correct hors')).toBe(false);
    expect(hasher.isOutdated(one)).toBe(false);
    expect(hasher.isOutdated(one.replace('m=19456,t=2', 'm=9216,t=4'))).toBe(true);
  });

  it('does the same computation for nobody, and never finds a match', async () => {
    const hasher = createArgon2PasswordHasher();
    const known = await hasher.hash('correct horse');
    expect(await hasher.verify(undefined, 'correct horse')).toBe(false);
    expect(computations.verified).toEqual([nobodysHash]);
    expect(parseOptions(nobodysHash)).toEqual(parseOptions(known));
  });

  it('computes so many at a time under a flood, lets so many wait, and refuses the rest', async () => {
    const hasher = createArgon2PasswordHasher({ concurrency: 2, maxWaiting: 5 });
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => hasher.verify(undefined, 'guess')),
    );
    expect(computations.most).toBe(2);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
    const refused = results.find((result) => result.status === 'rejected');
    expect(refused?.reason).toMatchObject({ extensions: { code: 'RATE_LIMITED' } });
    expect(await hasher.verify(undefined, 'guess')).toBe(false);
  });
});
