import { setTimeout as sleep } from 'node:timers/promises';
import { type EventLog, isTransientError, startConsumer } from '@medley/event-log';
import { createMetrics, type Logger } from '@medley/service';
import { type Generation, GenerationGoneError, type Generations } from './domain/generations.ts';
import { type Ledgers, type Source, sourcesOf } from './ingestion.ts';
import { beginRebuild, countWaiting, findPlaces, groupOf } from './rebuild-places.ts';

export interface RebuildOptions {
  readonly log: Pick<EventLog, 'subscribe' | 'admin'>;
  readonly generations: Generations;
  readonly ledgers: Ledgers;
  readonly logger: Logger;
  /** Build although the log has forgotten some of what was counted: the new numbers lack it. */
  readonly loseOlder?: boolean;
  /** Interrupts it; what was built so far stays, and the next one goes on from there. */
  readonly signal?: AbortSignal;
  /** Told twice a second how many records were handled, of how many that were there at the start. */
  readonly onProgress?: (progress: { readonly handled: bigint; readonly of: bigint }) => void;
}

export interface Rebuilt {
  /** What is shown now. */
  readonly generation: Generation;
  /** How many records were handled: fewer than there are when it went on from an earlier one. */
  readonly handled: bigint;
  /** How many of them are no events, or were refused: as they were the first time, so that nobody is told again. */
  readonly leftOut: number;
}

/**
 * Counts everything anew from the beginning of the topics, beside the numbers that are shown, which go on being counted; when the new
 * ones have come as far they take their place. Any number of processes may do it together. One that was interrupted goes on.
 * @throws NumbersWouldBeLostError unless told to lose them; then nothing was changed
 * @throws GenerationGoneError when somebody gave it up meanwhile
 * @throws the signal's reason when it was interrupted
 * @throws what a ledger throws that cannot count an event
 */
export async function rebuild(options: RebuildOptions): Promise<Rebuilt> {
  const { log, generations, ledgers, logger, loseOlder = false, onProgress = () => {} } = options;
  const sources = sourcesOf(ledgers);
  const failing = new AbortController();
  const signal = AbortSignal.any([failing.signal, ...(options.signal ? [options.signal] : [])]);
  signal.throwIfAborted();
  const generation = await beginRebuild({ log, generations, sources, loseOlder });
  logger.info({ generation: generation.id }, 'numbers are counted anew');

  const readLog = () => findPlaces(log, sources, null);
  let [of, leftOut] = [0n, 0];
  const consumers = sources.map((source) =>
    startRebuilding({
      ...{ source, generation, log, logger },
      onLeftOut: (records) => {
        leftOut += records;
      },
      onFailed: (error) => failing.abort(error),
    }),
  );
  try {
    const goals = await findPlaces(log, sources, generation);
    of = countWaiting(goals, goals);
    for (;;) {
      signal.throwIfAborted();
      try {
        const places = await findPlaces(log, sources, generation);
        const waiting = countWaiting(goals, places);
        onProgress({ handled: of - waiting, of });
        if (waiting === 0n && (await generations.show(generation.id, readLog))) break;
      } catch (error) {
        if (!isTransientError(error)) throw error;
        logger.warn({ err: error }, 'how far the new numbers are cannot be told just now');
      }
      await sleep(pollMs, undefined, { signal }).catch(() => {});
    }
    logger.info({ generation: generation.id, handled: String(of), leftOut }, 'the new numbers are shown');
  } finally {
    await Promise.all(consumers.map((consumer) => consumer.stop()));
  }
  await generations
    .dropRetired()
    .catch((error: unknown) => logger.warn({ err: error }, 'the old numbers are dropped by the next upkeep'));
  return { generation, handled: of, leftOut };
}

const pollMs = 500;
/** How often a batch may fail before the rebuild does. */
const attempts = 3;

/** Counts a topic into a generation, from its beginning or from where an earlier rebuild came. */
function startRebuilding({
  source: { topic, group, ledger },
  generation,
  log,
  logger,
  onLeftOut,
  onFailed,
}: {
  readonly source: Source;
  readonly generation: Generation;
  readonly log: RebuildOptions['log'];
  readonly logger: Logger;
  readonly onLeftOut: (records: number) => void;
  readonly onFailed: (error: unknown) => void;
}) {
  return startConsumer({
    log: {
      subscribe: (subscription) => log.subscribe(subscription),
      admin: log.admin,
      // What cannot be counted became a dead letter the first time.
      append: async (_deadLetters, records) => {
        onLeftOut(records.length);
        return [];
      },
    },
    group: groupOf(group, generation),
    topics: [topic],
    async handle(events, { refuse, attempt }) {
      try {
        await ledger.record(events, { into: generation.id, refuse });
      } catch (error) {
        // To leave it out would be to lose what is shown now.
        const isOver = error instanceof GenerationGoneError || attempt >= attempts;
        if (isOver && !isTransientError(error)) onFailed(error);
        throw error;
      }
    },
    attempts: Number.MAX_SAFE_INTEGER,
    logger,
    // The group is soon no more, and would stay in those of the process.
    metrics: createMetrics(),
    onCrash: onFailed,
  });
}
