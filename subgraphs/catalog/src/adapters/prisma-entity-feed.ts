import type { CatalogEntity, EntityFeed, EntityKey, EntityKind } from '../domain/entity-feed.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { dependentsSql } from './entity-dependents-sql.ts';
import { type EntityRow, entitySql } from './entity-sql.ts';

/** Reads entities by SQL, a page by one statement. */
export function createPrismaEntityFeed(prisma: PrismaClient): EntityFeed {
  const uniteMarkets = createMarketUnions();
  const toEntity = (kind: EntityKind, row: EntityRow): CatalogEntity => ({
    id: row.id,
    kind,
    title: row.title,
    artists: row.artists ?? [],
    album: row.albumId === null ? null : { id: row.albumId, title: row.albumTitle as string },
    genreIds: row.genreIds?.split(' ') ?? [],
    releaseYear: row.releaseYear,
    popularity: row.popularity,
    explicit: row.explicit,
    availableMarkets: uniteMarkets(row.marketSets ?? ''),
  });
  return {
    async findByIds(kind, ids) {
      const rows = await prisma.$queryRawUnsafe<EntityRow[]>(entitySql[kind].byIds, ids);
      return rows.map((row) => toEntity(kind, row));
    },
    async findAfter(kind, id, limit) {
      checkLimit(limit);
      const rows = await prisma.$queryRawUnsafe<EntityRow[]>(entitySql[kind].after, id ?? nilUuid, limit);
      return rows.map((row) => toEntity(kind, row));
    },
    async findDependents(of, after, limit) {
      checkLimit(limit);
      const { sql, parameters } = dependentsSql(of, after, limit);
      return prisma.$queryRawUnsafe<EntityKey[]>(sql, ...parameters);
    },
  };
}

// Nothing has it: ids are made by hashing or by time.
const nilUuid = '00000000-0000-0000-0000-000000000000';

function checkLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000)
    throw new RangeError(`limit must be 1..1000, got ${limit}`);
}

/** Unites sets of markets. A catalog has few different ones, so each mixture of them is united once. */
function createMarketUnions(): (sets: string) => string {
  const unions = new Map<string, string>();
  return (sets) => {
    if (!sets.includes(',')) return sets;
    const known = unions.get(sets);
    if (known !== undefined) return known;
    if (unions.size >= 500) unions.clear();
    const codes = new Set(sets.split(',').flatMap((set) => (set === '' ? [] : set.split(' '))));
    const union = [...codes].sort().join(' ');
    unions.set(sets, union);
    return union;
  };
}
