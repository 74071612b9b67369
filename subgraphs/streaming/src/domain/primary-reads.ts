import { FactsUnavailableError } from './facts.ts';
import type { Current, HeldFacts, Reading } from './held-facts.ts';

/** Reads facts where they are written, for all requests together. */
export interface PrimaryReads<Fact> {
  /**
   * @returns for each id, as of when its reading began, which is never long ago
   * @throws FactsUnavailableError when a reading failed, or too many wait for theirs
   */
  find(ids: readonly string[], requestId: string): readonly Promise<Current<Fact>>[];
}

export interface PrimaryReadsOptions<Fact> {
  /** In the order of the ids, each distinct, null for an unknown one. It must end by itself. */
  readonly read: (ids: readonly string[], requestId: string) => Promise<readonly (Fact | null)[]>;
  readonly held: Pick<HeldFacts<Fact>, 'beginReading'>;
  /** How many readings are under way at once. */
  readonly atOnce?: number;
  /** How many ids go into one. */
  readonly batch?: number;
  /** How many ids may wait. */
  readonly mostWaiting?: number;
}

interface Wanted<Fact> {
  readonly id: string;
  readonly requestId: string;
  readonly current: Promise<Current<Fact>>;
  readonly resolve: (current: Current<Fact>) => void;
  readonly reject: (error: unknown) => void;
  reading: Reading<Fact> | null;
}

/**
 * A few readings at once: however many requests come while catalog or users is slow, or while nothing can be held, these get
 * no more than that. What has to wait goes together with what else waits, and an id that somebody reads already is not read
 * twice at once, unless it changed meanwhile. Nobody who stops waiting takes anything from the others.
 */
export function createPrimaryReads<Fact>({
  read,
  held,
  atOnce = 8,
  batch = 250,
  mostWaiting = 5_000,
}: PrimaryReadsOptions<Fact>): PrimaryReads<Fact> {
  const wanted = new Map<string, Wanted<Fact>>();
  let waiting: Wanted<Fact>[] = [];
  let underWay = 0;

  function want(id: string, requestId: string): Wanted<Fact> {
    const known = wanted.get(id);
    if (known && !known.reading?.isOutdatedFor(id)) return known;
    const entry = createWanted<Fact>(id, requestId);
    wanted.set(id, entry);
    waiting.push(entry);
    return entry;
  }

  async function readBatch(entries: readonly Wanted<Fact>[]): Promise<void> {
    const reading = held.beginReading();
    for (const entry of entries) entry.reading = reading;
    try {
      const facts = await read(
        entries.map(({ id }) => id),
        entries[0]?.requestId ?? '',
      );
      for (const [index, { id, resolve }] of entries.entries())
        resolve(reading.land(id, facts[index] ?? null));
    } catch (error) {
      for (const { reject } of entries) reject(error);
    } finally {
      reading.end();
      for (const entry of entries) if (wanted.get(entry.id) === entry) wanted.delete(entry.id);
    }
  }

  function readWaiting(): void {
    while (waiting.length > 0 && underWay < atOnce) {
      const entries = waiting.slice(0, batch);
      waiting = waiting.slice(batch);
      underWay += 1;
      void readBatch(entries).finally(() => {
        underWay -= 1;
        readWaiting();
      });
    }
  }

  return {
    find(ids, requestId) {
      if (waiting.length + ids.length > mostWaiting)
        throw new FactsUnavailableError(
          `${waiting.length} wait to be read already, at most ${mostWaiting} may`,
        );
      const entries = ids.map((id) => want(id, requestId));
      readWaiting();
      return entries.map(({ current }) => current);
    },
  };
}

function createWanted<Fact>(id: string, requestId: string): Wanted<Fact> {
  let settle: Pick<Wanted<Fact>, 'resolve' | 'reject'> | undefined;
  const current = new Promise<Current<Fact>>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // Whoever asked may have gone: then nobody hears of it.
  current.catch(() => {});
  return { id, requestId, current, reading: null, ...(settle as NonNullable<typeof settle>) };
}
