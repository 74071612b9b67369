import type { Actor } from '@medley/identity';

/** What a good credential tells. `country` and `explicit` are hints of the day it was issued. */
export interface Credential {
  readonly actor: Exclude<Actor, { kind: 'anonymous' }>;
  /** ISO 3166-1 alpha-2, where the account is at home; null when it does not say. */
  readonly country: string | null;
  /** Whether the account plays explicit tracks. */
  readonly explicit: boolean;
  /** From when on it is refused, in milliseconds since 1970; undefined for one that does not expire. */
  readonly expiresAt?: number;
}

/**
 * Judges the token of `Authorization: Bearer …`.
 * @throws MedleyError UNAUTHENTICATED when it is not good, UPSTREAM_UNAVAILABLE when it cannot be judged now
 */
export type VerifyCredential = (token: string) => Promise<Credential>;
