import type { ChangedFacts, ChangesTold } from '../../src/domain/changed-facts.ts';

/** What an asking or a reading does before and after it looks at the rows. */
export interface Manner {
  /** In milliseconds. */
  readonly beforeMs: number;
  readonly afterMs: number;
  readonly fate: 'answers' | 'fails' | 'hangs';
}
export const prompt: Manner = { beforeMs: 2, afterMs: 2, fate: 'answers' };

/** How changes are told, beside when. */
export interface Telling {
  readonly manner: Manner;
  /** How many are told at once. */
  readonly page: number;
  /** Tells again what it told before, as if a transaction were open: the position stays behind by so many. */
  readonly again: number;
  readonly reset: boolean;
}
export const promptly: Telling = { manner: prompt, page: 500, again: 0, reset: false };

/**
 * Rows that are written at one place, by the fake clock: it remembers when each version ceased to be true, so that a test can
 * tell how old an answer is.
 */
export function createPrimary(ids: readonly string[]) {
  const versions = new Map(ids.map((id) => [id, 1]));
  /** Of each row: when its versions 1, 2, … were replaced. */
  const replacedAt = new Map<string, number[]>(ids.map((id) => [id, []]));
  const log: string[] = [];
  let reads = 0;
  let askings = 0;
  let lookedAt = Number.NEGATIVE_INFINITY;

  async function act<Answer>(manner: Manner, look: () => Answer): Promise<Answer> {
    await wait(manner.beforeMs);
    const answer = look();
    await wait(manner.afterMs);
    if (manner.fate === 'fails') throw new Error('the connection broke');
    if (manner.fate === 'hangs') await new Promise<never>(() => {});
    return answer;
  }

  return {
    reads: () => reads,
    askings: () => askings,
    /** How long ago an asking looked at the log, in milliseconds. */
    sinceLook: () => performance.now() - lookedAt,
    commit(id: string): void {
      versions.set(id, (versions.get(id) ?? 0) + 1);
      replacedAt.get(id)?.push(performance.now());
      log.push(id);
    },
    /** How long ago this version was replaced, in milliseconds; 0 while it is the row's. */
    ageOf(id: string, version: number): number {
      const at = replacedAt.get(id)?.[version - 1];
      return at === undefined ? 0 : performance.now() - at;
    },
    read<Row>(manner: Manner, rowOf: (versionOf: (id: string) => number) => Row): Promise<Row> {
      reads += 1;
      // As the adapters do: a reading ends by itself.
      const late = wait(800).then(() => Promise.reject(new Error('the reading took too long')));
      return Promise.race([act(manner, () => rowOf((id) => versions.get(id) as number)), late]);
    },
    changes: (telling: () => Telling): ChangedFacts => ({
      since(position) {
        askings += 1;
        const { manner, page, again, reset } = telling();
        return act(manner, (): ChangesTold => {
          lookedAt = performance.now();
          if (position === null)
            return { position: String(log.length), ids: [], hasMore: false, reset: false };
          if (reset) return { position: String(log.length), ids: [], hasMore: false, reset: true };
          const from = Number(position);
          const until = Math.min(from + page, log.length);
          const settled = Math.max(from, until === log.length ? until - again : until);
          const told = [...new Set(log.slice(from, until))];
          return { position: String(settled), ids: told, hasMore: until < log.length, reset: false };
        });
      },
    }),
  };
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
