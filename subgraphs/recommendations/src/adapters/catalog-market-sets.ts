import type { PrismaClient } from './prisma-client.ts';

/** The markets of a set. */
export type MarketsOf = (id: number) => ReadonlySet<string>;

/** The sets of markets that tracks name: a set never changes and never goes, so a process reads each once. */
export function createMarketSets(client: PrismaClient): (ids: readonly number[]) => Promise<MarketsOf> {
  const known = new Map<number, ReadonlySet<string>>();
  return async (ids) => {
    const missing = [...new Set(ids.filter((id) => !known.has(id)))];
    if (missing.length > 0) {
      const rows = await client.$queryRaw<{ id: number; markets: string }[]>`
        SELECT id, markets FROM recommendations.market_sets WHERE id = ANY(${missing}::int[])`;
      for (const { id, markets } of rows) known.set(id, new Set(markets === '' ? [] : markets.split(' ')));
    }
    return (id) => known.get(id) as ReadonlySet<string>;
  };
}
