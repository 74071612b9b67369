export type SessionEndReason =
  | 'SIGNED_OUT'
  | 'SIGNED_OUT_EVERYWHERE'
  | 'PASSWORD_CHANGED'
  | 'PASSWORD_RESET'
  | 'TOKEN_REUSED'
  | 'DISPLACED';

/** A device that is signed in. */
export interface Session {
  /** UUID */
  readonly id: string;
  readonly accountId: string;
  /** What the device calls itself. */
  readonly device: string | null;
  /** SHA-256 of the secret of the refresh token that is good now. */
  readonly secretHash: Uint8Array;
  /** SHA-256 of the secret before it; null until the first rotation. */
  readonly previousSecretHash: Uint8Array | null;
  /** With the secret before it, this makes the one that is good now. */
  readonly successorSalt: Uint8Array | null;
  readonly createdAt: Date;
  /** When it was last rotated, or made. */
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
  readonly endedAt: Date | null;
  readonly endReason: SessionEndReason | null;
}

export const isAlive = (session: Session, now: Date): boolean =>
  session.endedAt === null && session.expiresAt > now;

/** A session that is not used for so long has expired. */
const idleDays = 30;
/** A session ends after so long, however often it is used. */
const maxDays = 365;
/** So many devices at a time: the list of them stays readable, and bounded. */
export const maxSessions = 50;

const dayMs = 86_400_000;

/** Until when a session holds that is used now. */
export function expiryOf(createdAt: Date, now: Date): Date {
  return new Date(Math.min(now.getTime() + idleDays * dayMs, createdAt.getTime() + maxDays * dayMs));
}

export interface NewSession {
  readonly accountId: string;
  readonly device: string | null;
  readonly familyHash: Uint8Array;
  readonly secretHash: Uint8Array;
  readonly now: Date;
  readonly expiresAt: Date;
}

export interface SessionRepository {
  /**
   * Starts a session, and ends the least recently used ones beyond `maxSessions`.
   * @param passwordHash what the password was checked against: null comes back when it has been changed meanwhile, or
   *   the account is no longer active
   */
  start(session: NewSession, passwordHash: string): Promise<Session | null>;
  /**
   * Starts the session with this id, or revives it. Nobody has a refresh token for it. For tokens that an operator hands
   * out, such as those of personas.
   */
  keep(session: NewSession & { id: string }): Promise<Session>;
  /** Those that exist, ended ones too, in any order. */
  findByIds(ids: readonly string[]): Promise<Session[]>;
  /** Ended ones too. */
  findByFamily(familyHash: Uint8Array): Promise<Session | null>;
  /** Those of these accounts that are alive, the last used first. */
  findAlive(accountIds: readonly string[], now: Date): Promise<Session[]>;
  /**
   * Replaces the secret.
   * @returns false when `from` is not the current one any more, or the session has ended: of several that try at the
   *   same time exactly one gets true
   */
  rotate(rotation: {
    id: string;
    from: Uint8Array;
    to: Uint8Array;
    successorSalt: Uint8Array;
    now: Date;
    expiresAt: Date;
  }): Promise<boolean>;
  /** @returns whether it was alive */
  end(id: string, reason: SessionEndReason, now: Date): Promise<boolean>;
  /** @returns how many were alive */
  endAll(accountId: string, reason: SessionEndReason, now: Date): Promise<number>;
}
