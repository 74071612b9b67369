import type { Event, TopicContract } from '@medley/events';
import type { Logger } from '@medley/service';
import type { BatchHandler, StoredRecord } from '../event-log.ts';
import { type Backoff, backoffMs, pause } from './backoff.ts';
import type { Bury } from './bury.ts';
import type { Consumed, Forget, Handle } from './consumed.ts';
import type { ConsumerMeter } from './metrics.ts';
import { type Run, sift } from './parse.ts';
import type { WaitOut } from './wait-out.ts';

export interface BatchOptions<Told extends Event> {
  readonly group: string;
  /** Where the batches come from. */
  readonly topic: string;
  readonly contract: TopicContract<Told>;
  readonly handle: Handle<Told>;
  readonly forget?: Forget;
  /** How often the handler may fail on a batch before its records are tried one by one. */
  readonly attempts: number;
  readonly isTransient: (error: unknown) => boolean;
  readonly backoff: Backoff;
  readonly bury: Bury;
  readonly waitOut: WaitOut;
  readonly logger: Logger;
  readonly meter: ConsumerMeter;
}

/** What was tried with a record in the batch that it came with. */
interface Tried {
  readonly attempt: number;
  readonly firstAt: Date | null;
}

/**
 * Makes the handler of the batches of a topic: parse, handle with retries, dead letters. It resolves when each record had its effect or
 * lies in the dead letters, however long that takes, and rejects only when it has to stop before.
 */
export function createBatchHandler<Told extends Event>(options: BatchOptions<Told>): BatchHandler {
  const {
    group,
    topic,
    contract,
    handle,
    forget,
    attempts,
    isTransient,
    backoff,
    bury,
    waitOut,
    logger,
    meter,
  } = options;

  return async ({ records, signal, heartbeat }) => {
    // A handler may take long, and so may waiting: the partition stays here meanwhile.
    const beat = setInterval(() => heartbeat().catch(() => {}), heartbeatMs);
    try {
      const { runs, poison, skipped } = sift(contract, group, records);
      meter.skipped(skipped);
      const at = new Date();
      const casualties = poison.map(({ record, reason }) => ({
        record,
        failure: { cause: 'poison' as const, reason, attempts: 0, firstAt: at, lastAt: at },
      }));
      await bury(casualties, signal);
      for (const run of runs) await carryOut(run, signal, attempts);
    } finally {
      clearInterval(beat);
    }
  };

  /** Hands over records until they had their effect, or failed this often. */
  async function carryOut(
    run: Run<Told>,
    signal: AbortSignal,
    allowed: number,
    tried: Tried = { attempt: 0, firstAt: null },
  ): Promise<void> {
    let { attempt, firstAt } = tried;
    for (let failures = 1; ; failures++) {
      try {
        const handOver = () => {
          attempt += 1;
          return callHandler(run, signal, attempt);
        };
        return await waitOut(signal, handOver, isTransient);
      } catch (error) {
        if (signal.aborted) throw error;
        firstAt ??= new Date();
        if (failures < allowed) {
          meter.retried('failed');
          const pauseMs = Math.round(backoffMs(backoff, failures));
          logger.warn({ err: error, ...placeOf(run), failures, pauseMs }, 'the handler failed; once more');
          await pause(pauseMs, signal);
        } else if (run.records.length > 1) {
          logger.warn(
            { err: error, ...placeOf(run) },
            'the handler fails on a batch; its records one by one',
          );
          for (const single of singlesOf(run)) await carryOut(single, signal, 1, { attempt, firstAt });
          return;
        } else {
          logger.error({ err: error, ...placeOf(run) }, 'the handler fails on a record');
          const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
          const failure = {
            cause: 'failed',
            reason,
            attempts: attempt,
            firstAt,
            lastAt: new Date(),
          } as const;
          return bury(
            run.records.map((record) => ({ record, failure })),
            signal,
          );
        }
      }
    }
  }

  async function callHandler(run: Run<Told>, signal: AbortSignal, attempt: number): Promise<void> {
    const [first] = run.records;
    if (!first) return;
    const refused = new Map<bigint, string>();
    const context = { group, topic, partition: first.partition, attempt, signal };
    const stopTimer = meter.startTimer();
    try {
      if (run.kind === 'events') {
        const refuse = ({ offset }: Consumed, reason: string) => void refused.set(offset, reason);
        await handle(run.events, { ...context, refuse });
      } else {
        const keys = run.records.map(({ key }) => key);
        await forget?.(keys, context);
      }
    } finally {
      stopTimer();
    }
    const at = new Date();
    const casualties = run.records.flatMap((record) => {
      const reason = refused.get(record.offset);
      if (reason === undefined) return [];
      const cause = 'refused' as const;
      return [{ record, failure: { cause, reason, attempts: attempt, firstAt: at, lastAt: at } }];
    });
    await bury(casualties, signal);
    meter.handled(run.records.length - casualties.length, first.time);
  }
}

/** The port wants one every 10 s. */
const heartbeatMs = 3_000;

function singlesOf<Told extends Event>(run: Run<Told>): Run<Told>[] {
  return run.records.map((record, index) =>
    run.kind === 'events'
      ? { kind: 'events', records: [record], events: run.events.slice(index, index + 1) }
      : { kind: 'tombstones', records: [record] },
  );
}

const placeOf = ({ records }: { readonly records: readonly StoredRecord[] }) => ({
  partition: records[0]?.partition,
  offset: String(records[0]?.offset),
  records: records.length,
});
