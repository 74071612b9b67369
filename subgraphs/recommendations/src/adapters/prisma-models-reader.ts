import { LRUCache } from 'lru-cache';
import type { Neighbour, NeighbourKind, ServingModel, ToldModelReader } from '../domain/models.ts';
import type { PrismaClient } from './prisma-client.ts';
import { toRecord } from './prisma-models-record.ts';

export interface ModelReaderOptions {
  /** How old an answer of `serving` may be, in milliseconds; 5 s unless told otherwise. */
  readonly servingForMs?: number;
  /** How many neighbours are kept in memory, some 150 bytes each; 100,000 unless told otherwise. */
  readonly neighboursKept?: number;
  /** In milliseconds. */
  readonly clock?: () => number;
}

/** Models do not change, so that what was read of one is kept, as much of it as there is room for; that there is nothing, too. */
export function createPrismaModelReader(
  client: PrismaClient,
  { servingForMs = 5_000, neighboursKept = 100_000, clock = Date.now }: ModelReaderOptions = {},
): ToldModelReader {
  const lists = new LRUCache<string, readonly Neighbour[]>({
    maxSize: neighboursKept,
    sizeCalculation: ({ length }) => length + 1,
  });
  const popularTracks = new LRUCache<string, Promise<readonly string[]>>({ max: 100 });
  let known: { readonly model: Promise<ServingModel | null>; readonly at: number } | null = null;

  async function findServing(): Promise<ServingModel | null> {
    const row = await client.model.findFirst({ where: { state: 'SERVING' }, orderBy: { id: 'desc' } });
    return row?.trainedAt
      ? { id: row.id, version: row.version, method: row.method, trainedAt: row.trainedAt }
      : null;
  }

  async function readNeighbours(modelId: number, kind: NeighbourKind, ids: readonly string[]) {
    const rows = await client.$queryRaw<{ id: string; others: string; scores: string; reasons: string }[]>`
      SELECT item_id::text AS id, array_to_string(others, ',') AS others, array_to_string(scores, ',') AS scores, reasons
      FROM recommendations.neighbours
      WHERE model_id = ${modelId} AND kind = ${kind} AND item_id = ANY (${[...ids]}::uuid[])`;
    return new Map(rows.map((row) => [row.id, toNeighbours(row)]));
  }

  async function readPopular(modelId: number, market: string): Promise<readonly string[]> {
    const rows = await client.popularTrack.findMany({
      where: { modelId, market },
      orderBy: { rank: 'asc' },
      select: { trackId: true },
    });
    return rows.map(({ trackId }) => trackId);
  }

  function popularOf(modelId: number, market: string): Promise<readonly string[]> {
    const key = `${modelId} ${market}`;
    const kept = popularTracks.get(key);
    if (kept) return kept;
    const reading = readPopular(modelId, market);
    popularTracks.set(key, reading);
    reading.catch(() => popularTracks.delete(key));
    return reading;
  }

  return {
    serving() {
      if (known && clock() - known.at < servingForMs) return known.model;
      const asked = { model: findServing(), at: clock() };
      known = asked;
      asked.model.catch(() => {
        if (known === asked) known = null;
      });
      return asked.model;
    },

    noteSwap() {
      known = null;
    },

    async neighbours({ id: modelId }, kind, ids) {
      const keyOf = (id: string) => `${modelId} ${kind} ${id}`;
      const found = new Map<string, readonly Neighbour[]>();
      const missing: string[] = [];
      for (const id of new Set(ids)) {
        const kept = lists.get(keyOf(id));
        if (!kept) missing.push(id);
        else if (kept.length > 0) found.set(id, kept);
      }
      if (missing.length === 0) return found;
      const read = await readNeighbours(modelId, kind, missing);
      for (const id of missing) {
        const neighbours = read.get(id) ?? [];
        lists.set(keyOf(id), neighbours);
        if (neighbours.length > 0) found.set(id, neighbours);
      }
      return found;
    },

    async factors({ id: modelId }, trackIds) {
      const rows = await client.factors.findMany({ where: { modelId, trackId: { in: [...trackIds] } } });
      return new Map(rows.map(({ trackId, factors }) => [trackId, decodeFactors(factors)]));
    },

    async popular({ id: modelId }, market, limit) {
      const ofMarket = market === null ? [] : await popularOf(modelId, market);
      return (ofMarket.length > 0 ? ofMarket : await popularOf(modelId, '*')).slice(0, limit);
    },

    async trainings(limit) {
      const rows = await client.model.findMany({ orderBy: { id: 'desc' }, take: limit });
      return rows.map(toRecord);
    },
  };
}

function toNeighbours(row: { others: string; scores: string; reasons: string }): readonly Neighbour[] {
  if (row.others === '') return [];
  const scores = row.scores.split(',');
  return row.others.split(',').map((id, place) => ({
    id,
    score: Number(scores[place]),
    reason: row.reasons[place] === 'S' ? 'SOUNDS_ALIKE' : 'LISTENED_TOGETHER',
  }));
}

function decodeFactors(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  return Float32Array.from({ length: bytes.length / 4 }, (_, place) => bytes.readFloatLE(place * 4));
}
