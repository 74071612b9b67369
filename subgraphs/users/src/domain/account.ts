export type Tier = 'FREE' | 'PREMIUM';
export type AccountStatus = 'ACTIVE' | 'SUSPENDED' | 'CLOSED';

export interface Account {
  /** UUID */
  readonly id: string;
  /** As `readEmail` gives it. */
  readonly email: string;
  readonly displayName: string;
  /** argon2id, in PHC form. */
  readonly passwordHash: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly tier: Tier;
  readonly allowsExplicit: boolean;
  readonly status: AccountStatus;
  /** Beyond those of every listener, such as `analytics:read`. */
  readonly scopes: readonly string[];
  /** Raised at each change of country, tier, allowsExplicit or status; from 1. */
  readonly version: number;
  readonly createdAt: Date;
}

export interface NewAccount extends Pick<Account, 'email' | 'displayName' | 'passwordHash' | 'country'> {
  /** UUID; a new one unless given. */
  readonly id?: string;
  /** FREE unless given. */
  readonly tier?: Tier;
  /** True unless given. */
  readonly allowsExplicit?: boolean;
  readonly scopes?: readonly string[];
  readonly createdAt: Date;
}

/** What may be changed of an account; what is left out stays. */
export type AccountChanges = Partial<
  Pick<Account, 'displayName' | 'country' | 'tier' | 'allowsExplicit' | 'status'>
>;

/** What a playback decision rests on. */
export type PlaybackFacts = Pick<
  Account,
  'id' | 'tier' | 'country' | 'allowsExplicit' | 'status' | 'version'
>;

/** A change as others learn of it: nothing personal but the country. */
export interface AccountChange {
  /** Where it stands among the changes: to go on from. */
  readonly position: string;
  readonly version: number;
  readonly data: { id: string; country: string; tier: Tier; status: AccountStatus };
}

/** Which accounts changed. */
export interface ChangedAccounts {
  /** To go on from. */
  readonly position: string;
  /** `user_…`, each once. */
  readonly accountIds: readonly string[];
  /** Whether there is more already. */
  readonly hasMore: boolean;
  /** Whether the position is not of this database's past, as after it was restored: what was read before may be wrong. */
  readonly reset: boolean;
}

/**
 * The accounts, and what is mailed to reset their passwords. Every change of country, tier, allowsExplicit or status
 * raises the version and appends to the outbox in the same transaction.
 */
export interface AccountRepository {
  /** Those that exist, in any order. */
  findByIds(ids: readonly string[]): Promise<Account[]>;
  /** @param email as `readEmail` gives it */
  findByEmail(email: string): Promise<Account | null>;
  /** In one statement, at the primary. Those that exist, in any order. */
  findPlaybackFacts(ids: readonly string[]): Promise<PlaybackFacts[]>;
  /** Null when the email, or the given id, is taken. */
  create(account: NewAccount): Promise<Account | null>;
  /** The account as it is then; null when it is unknown or closed. What is the same already is no change. */
  update(id: string, changes: AccountChanges): Promise<Account | null>;
  /** Stores a password anew in better parameters; nothing happens when it was changed meanwhile. */
  rehash(id: string, change: { from: string; to: string }): Promise<void>;
  /**
   * Changes the password, ends the other sessions and voids all reset codes, in one transaction.
   * @returns false when `from` is no longer the hash: somebody else was faster
   */
  changePassword(change: {
    accountId: string;
    from: string;
    to: string;
    keepSessionId: string;
    now: Date;
  }): Promise<boolean>;
  /** Remembers a reset code, and forgets the expired ones of the account. */
  addReset(reset: { codeHash: Uint8Array; accountId: string; expiresAt: Date; now: Date }): Promise<void>;
  /** The active account that a code is for; null when it is unknown, used or expired. */
  findByReset(codeHash: Uint8Array, now: Date): Promise<Account | null>;
  /**
   * Uses a reset code: sets the password, ends all sessions and voids the other codes, in one transaction.
   * @returns false when the code is unknown, used or expired, or the account is not active
   */
  resetPassword(reset: { codeHash: Uint8Array; passwordHash: string; now: Date }): Promise<boolean>;
  /**
   * Changes after this position, at most `limit`; of one account in the order in which it changed. Who goes on from the last
   * one misses none.
   * @param position of a change; `0` for the beginning
   * @param limit 1 to 1,000
   * @throws RangeError
   */
  changesSince(position: string, limit: number): Promise<AccountChange[]>;
  /**
   * Whose country, tier, allowsExplicit or status changed after this position: of every change that is committed when it is
   * called, in one statement, at the primary. An account may be told again.
   * @param after null for where it stands now, with no accounts
   * @param limit 1 to 1,000
   * @throws RangeError, InvalidPositionError
   */
  findChanged(after: string | null, limit: number): Promise<ChangedAccounts>;
}
