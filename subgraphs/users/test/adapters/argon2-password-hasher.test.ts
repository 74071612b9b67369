import { hash, parseOptions, verify } from '@node-rs/argon2';
import { describe, expect, it } from 'vitest';
import { createArgon2PasswordHasher, nobodysHash } from '../../src/adapters/argon2-password-hasher.ts';

/** The real computations, watched. */
function watchComputations() {
  const seen = { running: 0, most: 0, verified: [] as string[] };
  async function watched<Result>(work: () => Promise<Result>): Promise<Result> {
    seen.running += 1;
    seen.most = Math.max(seen.most, seen.running);
    return work().finally(() => {
      seen.running -= 1;
    });
  }
  const compute = {
    hash: (...given: Parameters<typeof hash>) => watched(() => hash(...given)),
    verify(...given: Parameters<typeof verify>) {
      seen.verified.push(String(given[0]));
      return watched(() => verify(...given));
    },
  };
  return { seen, compute };
}

describe('argon2id', () => {
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
    const { seen, compute } = watchComputations();
    const hasher = createArgon2PasswordHasher({ compute });
    const known = await hasher.hash('correct horse');
    expect(await hasher.verify(undefined, 'correct horse')).toBe(false);
    expect(seen.verified).toEqual([nobodysHash]);
    expect(parseOptions(nobodysHash)).toEqual(parseOptions(known));
  });

  it('computes so many at a time under a flood, lets so many wait, and refuses the rest', async () => {
    const { seen, compute } = watchComputations();
    const hasher = createArgon2PasswordHasher({ concurrency: 2, maxWaiting: 5, compute });
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => hasher.verify(undefined, 'guess')),
    );
    expect(seen.most).toBe(2);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
    const refused = results.find((result) => result.status === 'rejected');
    expect(refused?.reason).toMatchObject({ extensions: { code: 'RATE_LIMITED' } });
    expect(await hasher.verify(undefined, 'guess')).toBe(false);
  });
});
