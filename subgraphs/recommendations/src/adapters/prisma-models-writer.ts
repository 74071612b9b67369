import type { ModelWriter, Neighbour, TrainingRecord } from '../domain/models.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { inTransaction, type PrismaClient } from './prisma-client.ts';
import { toFiguresJson, toRecord } from './prisma-models-record.ts';
import { dropModelTables, makeModelTables } from './prisma-models-tables.ts';

const mostAtOnce = 1_000;

export function createPrismaModelWriter(client: PrismaClient): ModelWriter {
  async function findLast(state: TrainingRecord['state']): Promise<TrainingRecord | null> {
    const row = await client.model.findFirst({ where: { state }, orderBy: { id: 'desc' } });
    return row && toRecord(row);
  }

  return {
    begin: ({ method, engine }) =>
      inTransaction(client, async (tx) => {
        const [{ id } = { id: 0 }] = await tx.$queryRaw<{ id: number }[]>`
          SELECT nextval(pg_get_serial_sequence('recommendations.models', 'id'))::int AS id`;
        const startedAt = new Date();
        const version = `${startedAt.toISOString().slice(0, 19)}Z-${id}`;
        const row = await tx.model.create({
          data: { id, version, method, engine, state: 'TRAINING', startedAt, figures: Prisma.JsonNull },
        });
        await makeModelTables(tx, id);
        return toRecord(row);
      }),

    findUnfinished: () => findLast('TRAINING'),
    findServing: () => findLast('SERVING'),

    async writeNeighbours(id, kind, rows) {
      checkLength(rows);
      const column = (value: (neighbour: Neighbour) => string, separator: string) =>
        rows.map(({ neighbours }) => neighbours.map(value).join(separator));
      const itemIds = rows.map(({ itemId }) => itemId);
      const others = column((neighbour) => neighbour.id, ',');
      const scores = column(({ score }) => score.toPrecision(6), ',');
      const reasons = column(({ reason }) => (reason === 'LISTENED_TOGETHER' ? 'L' : 'S'), '');
      await client.$executeRaw`
        INSERT INTO recommendations.neighbours (model_id, kind, item_id, others, scores, reasons)
        SELECT ${id}::int, ${kind}, item_id, string_to_array(others, ',')::uuid[], string_to_array(scores, ',')::real[], reasons
        FROM unnest(${itemIds}::uuid[], ${others}::text[], ${scores}::text[], ${reasons}::text[])
          AS told (item_id, others, scores, reasons)
        ON CONFLICT DO NOTHING`;
    },

    async writeFactors(id, rows) {
      checkLength(rows);
      const trackIds = rows.map(({ trackId }) => trackId);
      const factors = rows.map(({ factors }) => encodeFactors(factors));
      await client.$executeRaw`
        INSERT INTO recommendations.factors (model_id, track_id, factors)
        SELECT ${id}::int, track_id, factors FROM unnest(${trackIds}::uuid[], ${factors}::text[]) AS told (track_id, factors)
        ON CONFLICT DO NOTHING`;
    },

    async writePopular(id, market, trackIds) {
      checkLength(trackIds);
      await client.$executeRaw`
        INSERT INTO recommendations.popular_tracks (model_id, market, rank, track_id)
        SELECT ${id}::int, ${market}, rank, track_id
        FROM unnest(${[...trackIds]}::uuid[]) WITH ORDINALITY AS told (track_id, rank)
        ON CONFLICT DO NOTHING`;
    },

    async countRows(id) {
      const [kinds, factors, popular] = await client.$transaction([
        client.neighbours.groupBy({
          by: 'kind',
          where: { modelId: id },
          _count: true,
          orderBy: { kind: 'asc' },
        }),
        client.factors.count({ where: { modelId: id } }),
        client.popularTrack.count({ where: { modelId: id } }),
      ]);
      const of = (wanted: string) => (kinds.find(({ kind }) => kind === wanted)?._count as number) ?? 0;
      return { tracks: of('TRACK'), artists: of('ARTIST'), factors, popular };
    },

    async noteFigures(id, figures) {
      await client.model.update({
        where: { id },
        data: { figures: toFiguresJson(figures), playsUntil: figures.playsUntil },
      });
    },

    swapIn: (id, trainedAt) =>
      inTransaction(client, async (tx) => {
        await tx.model.updateMany({ where: { state: 'SERVING' }, data: { state: 'RETIRED' } });
        const { count } = await tx.model.updateMany({
          where: { id, state: 'TRAINING' },
          data: { state: 'SERVING', trainedAt },
        });
        if (count === 0) throw new Error(`model ${id} is not being trained: somebody else has ended that`);
      }),

    async refuse(id, refusal) {
      await client.model.updateMany({
        where: { id, state: 'TRAINING' },
        data: { state: 'REFUSED', refusal, trainedAt: new Date() },
      });
    },

    async dropOld() {
      const kept = await client.model.findMany({
        where: { state: { in: ['TRAINING', 'SERVING'] } },
        select: { id: true },
      });
      const before = await client.model.findFirst({
        where: { state: 'RETIRED' },
        orderBy: { id: 'desc' },
        select: { id: true },
      });
      await dropModelTables(client, new Set([...kept, ...(before ? [before] : [])].map(({ id }) => id)));
    },
  };
}

function checkLength({ length }: readonly unknown[]): void {
  if (length > mostAtOnce) throw new RangeError(`at most ${mostAtOnce} rows at a time, got ${length}`);
}

/** Base64 of float32, little endian. */
function encodeFactors(factors: Float32Array): string {
  const bytes = Buffer.alloc(factors.length * 4);
  for (const [place, value] of factors.entries()) bytes.writeFloatLE(value, place * 4);
  return bytes.toString('base64');
}
