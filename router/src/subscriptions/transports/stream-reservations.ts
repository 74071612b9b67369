import { randomBytes } from 'node:crypto';
import { addressKey } from '@medley/addresses';
import { MedleyError } from '@medley/errors';
import type { Identity } from '@medley/identity';
import { accountOf } from '../../identity/compare-identities.ts';
import type { Visitor } from '../../identity/read-identity.ts';

/** Event streams that clients have reserved and not opened yet. */
export interface StreamReservations {
  /** @returns the token that opens it. @throws MedleyError RATE_LIMITED, UPSTREAM_UNAVAILABLE when there are too many */
  add(visitor: Visitor): string;
  has(token: string): boolean;
  /** Takes it out. @returns who reserved it; undefined when there is none of this token (any more) */
  take(token: string): Visitor | undefined;
}

const openTimeoutMs = 30_000;
const maxReserved = 10_000;
/** Of one account, or of all at one address who are not signed in: else one could take the places of all others. */
const maxReservedByHolder = 100;

export function createStreamReservations(): StreamReservations {
  const reserved = new Map<string, { visitor: Visitor; holder: string; timer: NodeJS.Timeout }>();
  const byHolder = new Map<string, number>();

  function take(token: string): Visitor | undefined {
    const reservation = reserved.get(token);
    if (!reservation) return undefined;
    const { visitor, holder, timer } = reservation;
    clearTimeout(timer);
    reserved.delete(token);
    const left = (byHolder.get(holder) ?? 1) - 1;
    if (left > 0) byHolder.set(holder, left);
    else byHolder.delete(holder);
    return visitor;
  }

  return {
    add(visitor) {
      if (reserved.size >= maxReserved) {
        const message = 'Too many event streams wait to be opened. Try again later.';
        throw new MedleyError('UPSTREAM_UNAVAILABLE', message);
      }
      const holder = holderOf(visitor.identity);
      const before = byHolder.get(holder) ?? 0;
      if (before >= maxReservedByHolder) {
        const message = `There are ${maxReservedByHolder} event streams of yours waiting to be opened. Open one of them.`;
        throw new MedleyError('RATE_LIMITED', message, { limit: maxReservedByHolder });
      }
      byHolder.set(holder, before + 1);
      const token = randomBytes(24).toString('base64url');
      const timer = setTimeout(() => take(token), openTimeoutMs);
      timer.unref();
      reserved.set(token, { visitor, holder, timer });
      return token;
    },
    has: (token) => reserved.has(token),
    take,
  };
}

const holderOf = (identity: Identity) =>
  identity.actor.kind === 'anonymous' ? addressKey(identity.clientAddress) : accountOf(identity);
