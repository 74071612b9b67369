import type { IdKind } from '@medley/ids';
import { createRelayStore, type FedRow, type StateSource, type ToldState } from '@medley/outbox';
import type { CatalogChange } from '../domain/change-log.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { albumChanged, artistChanged, genreChanged, trackChanged } from './outbox-rows.ts';
import { createPrismaChangeLog } from './prisma-outbox.ts';
import { loadReach, readRows } from './writer-io.ts';
import { albumTable, artistTable, genreTable, trackTable } from './writer-rows.ts';

/** What others learn of the catalog. Its rows are kept for good: search and the caches follow them too. */
export function createPrismaRelaySource(prisma: PrismaClient): StateSource<CatalogRow> {
  const changes = createPrismaChangeLog(prisma);
  return {
    feed: {
      async readSince(position, limit) {
        const rows = await changes.changesSince(BigInt(position), limit);
        return rows.map((row) => ({ ...row, position: String(row.id) }));
      },
      async countSince(position, atMost) {
        const [row] = await prisma.$queryRaw<{ count: number }[]>`
          SELECT count(*)::int AS count FROM (
            SELECT FROM catalog.outbox WHERE id > ${BigInt(position)} LIMIT ${atMost}) AS waiting`;
        return row?.count ?? 0;
      },
    },

    statesOf: (rows) =>
      rows.map(({ key, type, version, data, time }) => ({
        key,
        type,
        version,
        data,
        time,
        isLast: type === 'TrackDeleted',
      })),

    async readStates(after, limit) {
      const [list, id] = after === null ? [lists[0], null] : (after.split(' ') as [List, string | null]);
      const page = await readPage(prisma, list, id || null, limit);
      const next = lists[lists.indexOf(list) + 1];
      if (page.last !== null) return { states: page.states, after: `${list} ${page.last}` };
      return { states: [], after: next ? `${next} ` : null };
    },

    store: createRelayStore(prisma, 'catalog'),
  };
}

type CatalogRow = CatalogChange & FedRow;

/** What there is, in the order in which it is told: what something names comes before it. */
const lists = ['genre', 'artist', 'album', 'track', 'deleted'] as const;
type List = (typeof lists)[number];

async function readPage(
  prisma: PrismaClient,
  list: List,
  after: string | null,
  limit: number,
): Promise<{ states: readonly ToldState[]; last: string | null }> {
  if (list === 'deleted') {
    const deleted = await prisma.tombstone.findMany({
      where: after === null ? {} : { key: { gt: after } },
      orderBy: { key: 'asc' },
      take: limit,
    });
    const states = deleted.map(({ key, version, deletedAt }) => ({
      key,
      type: 'TrackDeleted',
      version,
      data: { id: key, deleted: true },
      time: deletedAt,
      isLast: true,
    }));
    return { states, last: deleted.at(-1)?.key ?? null };
  }
  const found = await prisma.$queryRawUnsafe<{ id: string }[]>(
    `SELECT id FROM catalog.${list}s WHERE id > $1::uuid ORDER BY id LIMIT $2`,
    after ?? beforeAll,
    limit,
  );
  const ids = found.map(({ id }) => id);
  return { states: ids.length > 0 ? await readStatesOf(prisma, list, ids) : [], last: ids.at(-1) ?? null };
}

async function readStatesOf(
  prisma: PrismaClient,
  kind: Extract<IdKind, List>,
  ids: readonly string[],
): Promise<readonly ToldState[]> {
  switch (kind) {
    case 'genre':
      return [...(await readRows(prisma, genreTable, ids)).values()].map(genreChanged);
    case 'artist': {
      const artists = await readRows(prisma, artistTable, ids);
      const genreIds = [...artists.values()].flatMap(({ values }) => values.genreIds);
      const genres = await readRows(prisma, genreTable, genreIds);
      return [...artists.values()].map((row) => artistChanged(row, { artists, genres, albums: new Map() }));
    }
    case 'album': {
      const albums = await readRows(prisma, albumTable, ids);
      const artistIds = [...albums.values()].flatMap(({ values }) => values.artistIds);
      const artists = await readRows(prisma, artistTable, artistIds);
      return [...albums.values()].map((row) => albumChanged(row, { artists, albums, genres: new Map() }));
    }
    case 'track': {
      const tracks = [...(await readRows(prisma, trackTable, ids)).values()];
      const reach = await loadReach(prisma, tracks);
      return tracks.map((row) => trackChanged(row, reach));
    }
  }
}

// Nothing has it: ids are made by hashing or by time.
const beforeAll = '00000000-0000-0000-0000-000000000000';
