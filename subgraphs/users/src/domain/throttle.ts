import type { Problem } from './outcome.ts';

/**
 * How many attempts in how many seconds. Far below the 100 failures in a row that NIST SP 800-63B, section 5.2.2, allows
 * an account. By address the limits are wide: many people may share one.
 */
export const limits = {
  signInByAccount: { attempts: 10, windowSeconds: 900 },
  signInByAddress: { attempts: 100, windowSeconds: 900 },
  signUpByAddress: { attempts: 20, windowSeconds: 3_600 },
  passwordChangeByAccount: { attempts: 10, windowSeconds: 900 },
  resetRequestByAccount: { attempts: 3, windowSeconds: 3_600 },
  resetRequestByAddress: { attempts: 20, windowSeconds: 3_600 },
  resetByAddress: { attempts: 30, windowSeconds: 900 },
} as const satisfies Record<string, Limit>;

export interface Limit {
  readonly attempts: number;
  readonly windowSeconds: number;
}
export type LimitName = keyof typeof limits;
export type Limits = Readonly<Record<LimitName, Limit>>;

/** Counts attempts in windows that begin with the first of them. */
export interface Throttle {
  /**
   * Takes one attempt, before it is made, so that many at the same time count too.
   * @returns 0 when it may be made, else how many milliseconds to wait
   */
  take(limit: LimitName, key: string): Promise<number>;
  /** Takes back one attempt that was no abuse. */
  giveBack(limit: LimitName, key: string): Promise<void>;
  /** Forgets all attempts of this key. */
  clear(limit: LimitName, key: string): Promise<void>;
}

export function throttled(retryAfterMs: number): Problem {
  const minutes = Math.ceil(retryAfterMs / 60_000);
  const wait = minutes > 1 ? `${minutes} minutes` : 'a minute';
  return { field: null, code: 'THROTTLED', message: `Too many attempts: try again in ${wait}.` };
}
