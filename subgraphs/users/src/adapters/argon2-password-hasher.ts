import { availableParallelism } from 'node:os';
import { MedleyError } from '@medley/errors';
import { createFewAtOnce } from '@medley/timing';
import * as argon2 from '@node-rs/argon2';
import type { PasswordHasher } from '../domain/password-hasher.ts';

/**
 * The first of OWASP's equal choices for argon2id, "m=19456 (19 MiB), t=2, p=1":
 * https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id
 */
const argon2Parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/**
 * argon2id, with the memory and the threads that it takes bounded: each computation under way holds 19 MiB and one of
 * the four threads that Node also needs for files and names.
 * @param concurrency computations at a time; half of the cores, at most 2, unless told otherwise
 * @param maxWaiting further ones that wait; the next is refused
 * @param compute what computes: `@node-rs/argon2`
 */
export function createArgon2PasswordHasher({
  concurrency = Math.max(1, Math.min(2, Math.floor(availableParallelism() / 2))),
  maxWaiting = 100,
  compute = argon2,
}: {
  concurrency?: number;
  maxWaiting?: number;
  compute?: Pick<typeof argon2, 'hash' | 'verify'>;
} = {}): PasswordHasher {
  const run = createFewAtOnce({
    most: concurrency,
    mostWaiting: maxWaiting,
    refusal: () =>
      new MedleyError('RATE_LIMITED', 'Too many people sign in right now: try again in a few seconds.'),
  });
  return {
    hash: (password) => run(() => compute.hash(password, argon2Parameters)),
    verify: (known, password) =>
      run(async () => {
        const matches = await compute.verify(known ?? nobodysHash, password);
        return matches && known !== undefined;
      }),
    isOutdated(known) {
      const { memoryCost, timeCost, parallelism } = argon2.parseOptions(known);
      return (
        memoryCost !== argon2Parameters.memoryCost ||
        timeCost !== argon2Parameters.timeCost ||
        parallelism !== argon2Parameters.parallelism
      );
    },
  };
}

/** In today's parameters, of a random text that nobody kept. */
export const nobodysHash =
  '$argon2id$v=19$m=19456,t=2,p=1$2+WVto1MpkoxdRcS57nHiw$dX6XWqFUMOvSENN33k2JZU/De7YJ+pjQGz5oM9bwMio';
