import type { LeaseTimes } from '../domain/lease.ts';
import { leaseMs } from '../domain/playback-session.ts';

/** How long what accounts play is kept, in milliseconds. */
export interface SessionTimes extends LeaseTimes {
  /** Since the last change of the queue. */
  readonly queueMs: number;
}

export const sessionTimes: SessionTimes = {
  leaseMs,
  rememberMs: 3_600_000,
  queueMs: 30 * 86_400_000,
};
