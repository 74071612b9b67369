import type { Logger } from '@medley/service';
import { type Backoff, backoffMs, HandlingStopped, pause } from './backoff.ts';
import type { ConsumerMeter } from './metrics.ts';

/**
 * Does something again, later and later, for as long as it fails by what passes by itself. The partition waits meanwhile.
 * @throws HandlingStopped when the signal is aborted, and whatever does not pass
 */
export type WaitOut = <Result>(
  signal: AbortSignal,
  attempt: () => Promise<Result>,
  passes: (error: unknown) => boolean,
) => Promise<Result>;

export function createWaitOut(backoff: Backoff, logger: Logger, meter: ConsumerMeter): WaitOut {
  return async (signal, attempt, passes) => {
    let goesOn: (() => void) | undefined;
    try {
      for (let failures = 1; ; failures++) {
        if (signal.aborted) throw new HandlingStopped();
        try {
          return await attempt();
        } catch (error) {
          if (signal.aborted || !passes(error)) throw error;
          goesOn ??= meter.waits();
          meter.retried('transient');
          const pauseMs = Math.round(backoffMs(backoff, failures));
          logger.warn({ err: error, failures, pauseMs }, 'the partition waits');
          await pause(pauseMs, signal);
        }
      }
    } finally {
      goesOn?.();
    }
  };
}
