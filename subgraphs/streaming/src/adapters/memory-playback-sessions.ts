import { claimLease, holderOf, type Lease, noLease, releaseLease, renewLease } from '../domain/lease.ts';
import { emptyQueue, type PlaybackQueue } from '../domain/playback-queue.ts';
import type { PlaybackSessions } from '../domain/playback-sessions.ts';
import { type SessionTimes, sessionTimes } from './session-times.ts';

/** What one account plays. */
interface Account {
  readonly lease: Lease;
  readonly queue: PlaybackQueue;
}

/**
 * Keeps sessions and queues in this process: for one that is alone, and for tests. They end with the process.
 * @param maxAccounts how many accounts are kept; the one that was not changed for the longest time is forgotten first
 * @param clock milliseconds since 1970
 */
export function createMemoryPlaybackSessions({
  maxAccounts = 10_000,
  clock = Date.now,
  ...changed
}: { maxAccounts?: number; clock?: () => number } & Partial<SessionTimes> = {}): PlaybackSessions {
  const times: SessionTimes = { ...sessionTimes, ...changed };
  // A Map keeps the order in which keys were put in.
  const accounts = new Map<string, Account>();

  const read = (id: string): Account => accounts.get(id) ?? { lease: noLease, queue: emptyQueue };

  function write(id: string, change: Partial<Account>) {
    const account = { ...read(id), ...change };
    accounts.delete(id);
    accounts.set(id, account);
    for (const oldest of accounts.keys()) {
      if (accounts.size <= maxAccounts) break;
      accounts.delete(oldest);
    }
  }

  function claim(accountId: string, asked: Parameters<typeof claimLease>[1]) {
    const { lease, outcome } = claimLease(read(accountId).lease, asked, clock(), times);
    write(accountId, { lease });
    return outcome;
  }

  function readQueue(accountId: string): PlaybackQueue {
    const { queue } = read(accountId);
    const forgotten = queue.updatedAt && queue.updatedAt.getTime() <= clock() - times.queueMs;
    return forgotten ? emptyQueue : queue;
  }

  return {
    start: async (accountId, asked) => claim(accountId, { ...asked, takeOver: false }),

    async takeOver(accountId, asked) {
      const outcome = claim(accountId, { ...asked, takeOver: true });
      if (outcome.outcome === 'REFUSED') throw new Error('taking over is never refused');
      return outcome;
    },

    async heartbeat(accountId, heartbeat) {
      const { lease, outcome } = renewLease(read(accountId).lease, heartbeat, clock(), times);
      if (outcome.outcome === 'ACTIVE') write(accountId, { lease });
      return outcome;
    },

    async stop(accountId, sessionId) {
      const before = read(accountId).lease;
      const { lease, released } = releaseLease(before, sessionId, clock());
      // Also where the lease was over: what was stopped gave way to nobody.
      if (lease !== before) write(accountId, { lease });
      return released;
    },

    find: async (accountId) => holderOf(read(accountId).lease, clock()),

    async replaceQueue(accountId, { content, device, ifRevision }) {
      const before = readQueue(accountId);
      if (ifRevision !== null && ifRevision !== before.revision) return { replaced: false, queue: before };
      const revision = before.revision + 1;
      const queue = { ...content, revision, updatedAt: new Date(clock()), updatedBy: device };
      write(accountId, { queue });
      return { replaced: true, queue };
    },

    readQueue: async (accountId) => readQueue(accountId),
  };
}
