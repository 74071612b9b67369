import { jumpMs, type PlaybackSession } from './playback-session.ts';
import type { Claim, ClaimOutcome, Heartbeat, HeartbeatOutcome } from './playback-sessions.ts';

/** All that there is to know about the stream of one account. */
export interface Lease {
  /** Of the last session; 0 when there was none. The time at which it began, or a little more: no two are equal. */
  readonly epoch: number;
  /** The last session that was not stopped; its lease may be over. */
  readonly last: PlaybackSession | null;
  /** Sessions that gave way to another device, and the epoch of that one's session; the latest last. */
  readonly displaced: readonly { readonly sessionId: string; readonly by: number }[];
}

/** How long leases last, in milliseconds. */
export interface LeaseTimes {
  readonly leaseMs: number;
  /** How long a displaced session is remembered. */
  readonly rememberMs: number;
}

export const noLease: Lease = { epoch: 0, last: null, displaced: [] };

/** So many displaced sessions are remembered, at most: a handful of devices that snatch the stream from each other. */
export const maxDisplaced = 20;

/** The session that holds the stream; null when none does. @param now in milliseconds since 1970 */
export const holderOf = ({ last }: Lease, now: number): PlaybackSession | null =>
  last && last.expiresAt.getTime() > now ? last : null;

/** A device wants the stream. @param now in milliseconds since 1970 */
export function claimLease(
  lease: Lease,
  claim: Claim & { readonly takeOver: boolean },
  now: number,
  { leaseMs, rememberMs }: LeaseTimes,
): { readonly lease: Lease; readonly outcome: ClaimOutcome } {
  const { takeOver, sessionId, ...told } = claim;
  const holder = holderOf(lease, now);
  const own = lease.last?.device.id === claim.device.id;
  if (holder && !own && !takeOver) return { lease, outcome: { outcome: 'REFUSED', holder } };

  const playing = { ...told, paused: false, expiresAt: new Date(now + leaseMs) };
  if (holder && own) {
    const session = { ...holder, ...playing, revision: holder.revision + 1 };
    return { lease: { ...lease, last: session }, outcome: { outcome: 'CONTINUED', session } };
  }

  // Above that of the session before, and above all that this account had in a store that was lost.
  const epoch = Math.max(lease.epoch + 1, now);
  const session = { id: sessionId, epoch, revision: 1, startedAt: new Date(now), ...playing };
  // A device whose lease ran out unnoticed, in a tunnel say, is told the same as one that was pushed aside.
  const displaced = lease.last && !own ? [{ sessionId: lease.last.id, by: epoch }] : [];
  const remembered = lease.displaced.filter(({ by }) => by > now - rememberMs);
  return {
    lease: { epoch, last: session, displaced: [...remembered, ...displaced].slice(-maxDisplaced) },
    outcome: { outcome: 'STARTED', session, replaced: holder },
  };
}

/** A session gives a sign of life. @param now in milliseconds since 1970 */
export function renewLease(
  lease: Lease,
  { sessionId, trackId, positionMs, paused }: Heartbeat,
  now: number,
  { leaseMs, rememberMs }: LeaseTimes,
): { readonly lease: Lease; readonly outcome: HeartbeatOutcome } {
  const holder = holderOf(lease, now);
  if (holder?.id === sessionId) {
    const told = { trackId: trackId ?? holder.trackId, positionMs, paused };
    const toldMsAgo = now - (holder.expiresAt.getTime() - leaseMs);
    const expectedMs = holder.positionMs + (holder.paused ? 0 : toldMsAgo);
    const jumps = Math.abs(positionMs - expectedMs) > jumpMs;
    const changed = told.trackId !== holder.trackId || paused !== holder.paused || jumps;
    const revision = holder.revision + (changed ? 1 : 0);
    const session = { ...holder, ...told, revision, expiresAt: new Date(now + leaseMs) };
    return { lease: { ...lease, last: session }, outcome: { outcome: 'ACTIVE', session, changed } };
  }
  const gaveWay = lease.displaced.some(
    (displaced) => displaced.sessionId === sessionId && displaced.by > now - rememberMs,
  );
  const outcome: HeartbeatOutcome = gaveWay
    ? { outcome: 'TAKEN_OVER', by: holder?.device ?? null }
    : { outcome: 'ENDED' };
  return { lease, outcome };
}

/** A session lets go of the stream. @param now in milliseconds since 1970 */
export function releaseLease(
  lease: Lease,
  sessionId: string,
  now: number,
): { readonly lease: Lease; readonly released: PlaybackSession | null } {
  if (lease.last?.id !== sessionId) return { lease, released: null };
  return { lease: { ...lease, last: null }, released: holderOf(lease, now) };
}
