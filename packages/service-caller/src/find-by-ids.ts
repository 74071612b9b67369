import { z } from 'zod';
import { type QuestionTime, ServiceCallError, type ServiceCaller } from './service-caller.ts';

/**
 * The entries of these ids, in their order; null where there is none.
 * @param ids distinct
 * @throws ServiceCallError when an answer does not come in time, or has not exactly one entry for each id
 */
export type FindByIds<Entry> = (
  ids: readonly string[],
  time?: QuestionTime,
) => Promise<readonly (Entry | null)[]>;

/**
 * Reads entries by ids, in chunks that are asked for side by side.
 * @param query an operation with the variable `$ids` and one root field, a list under the alias `entries`
 * @param entry what one entry of the list looks like
 * @param chunkSize how many ids one request names, 1 to 1,000. A link gives up an answer of more than 10 MB
 */
export function createFindByIds<Entry extends { id: string }>(
  caller: ServiceCaller,
  { query, entry, chunkSize = 250 }: { query: string; entry: z.ZodType<Entry>; chunkSize?: number },
): FindByIds<Entry> {
  const data = z.object({ entries: z.array(entry.nullable()) });
  return async (ids, time) => {
    const chunks = await Promise.all(
      chunksOf(ids, chunkSize).map(async (chunk) => {
        const { entries } = await caller.ask({ query, variables: { ids: chunk }, data, ...time });
        return inOrderOf(chunk, entries as readonly (Entry | null)[], caller.subgraph);
      }),
    );
    return chunks.flat();
  };
}

function inOrderOf<Entry extends { id: string }>(
  ids: readonly string[],
  entries: readonly (Entry | null)[],
  subgraph: string,
): (Entry | null)[] {
  const byId = new Map(entries.flatMap((entry) => (entry ? [[entry.id, entry]] : [])));
  const ordered = ids.map((id) => byId.get(id) ?? null);
  if (entries.length === ids.length && countNulls(ordered) === countNulls(entries)) return ordered;
  const reason = `expected one entry for each of ${ids.length} ids, got ${entries.length} that are not these`;
  throw new ServiceCallError('UPSTREAM_UNAVAILABLE', subgraph, reason);
}

const countNulls = (entries: readonly unknown[]) => entries.filter((entry) => entry === null).length;

function chunksOf<Item>(items: readonly Item[], size: number): Item[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}
