import { createHash } from 'node:crypto';

/** Numbers from 0 up to 1 that look like chance, and are the same for the same name. @param seed such as an account and a day */
export const createSteadyRandom =
  (seed: string) =>
  (name: string): number =>
    createHash('sha256').update(`${seed} ${name}`).digest().readUInt32BE(0) / 2 ** 32;
