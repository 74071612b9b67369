import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '@medley/database';
import { openTestDatabase } from '@medley/testing/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPrismaClient, type PrismaClient } from '../../src/adapters/prisma-client.ts';
import { createPrismaModelReader } from '../../src/adapters/prisma-models-reader.ts';
import { createPrismaModelWriter } from '../../src/adapters/prisma-models-writer.ts';
import type { ModelWriter } from '../../src/domain/models.ts';

const isReal = process.env.TEST_POSTGRES_URL !== undefined;
if (!isReal) console.info('Swapping models under load is left out: TEST_POSTGRES_URL is not set.');

const idOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const items = Array.from({ length: 400 }, (_, number) => idOf(number));

describe.skipIf(!isReal)('models that are swapped while they are read', () => {
  let database: Database;
  let client: PrismaClient;
  let writer: ModelWriter;
  beforeAll(async () => {
    database = await openTestDatabase('recommendations');
    client = openPrismaClient(database);
    writer = createPrismaModelWriter(client);
  });
  afterAll(async () => {
    await client?.$disconnect();
    await database?.close();
  });

  /** A model of which each list names the model. */
  async function train(): Promise<number> {
    const { id } = await writer.begin({ method: 'test', engine: 'embedded' });
    const neighbours = [{ id: idOf(1_000_000 + id), score: 1, reason: 'LISTENED_TOGETHER' as const }];
    await writer.writeNeighbours(
      id,
      'TRACK',
      items.map((itemId) => ({ itemId, neighbours })),
    );
    await writer.swapIn(id, new Date());
    return id;
  }

  it('tell everybody one of them, and let nobody wait, not even behind a report that takes long', async () => {
    await train();
    const reader = createPrismaModelReader(client, { servingForMs: 0, neighboursKept: 1 });
    const seen = new Set<number>();
    let reads = 0;
    let isOver = false;
    async function readOn() {
      while (!isOver) {
        const model = await reader.serving();
        if (!model) throw new Error('no model serves');
        const lists = await reader.neighbours(model, 'TRACK', items);
        const told = new Set([...lists.values()].flatMap((list) => list.map(({ id }) => id)));
        expect([lists.size, ...told]).toEqual([items.length, idOf(1_000_000 + model.id)]);
        seen.add(model.id);
        reads += 1;
        await sleep(5);
      }
    }
    const reading = Promise.all([readOn(), readOn(), readOn(), readOn()]);
    async function until(isTrue: () => boolean) {
      while (!isTrue()) await Promise.race([sleep(5), reading]);
    }
    async function trainSeen(): Promise<number> {
      const id = await train();
      await until(() => seen.has(id));
      return id;
    }

    // A report over all models, which ends when it is told to.
    let endReport = () => {};
    const report = client.$transaction(
      async (tx) => {
        await tx.$queryRaw`SELECT count(*) FROM recommendations.neighbours`;
        await new Promise<void>((resolve) => {
          endReport = resolve;
        });
      },
      { timeout: 60_000 },
    );
    const trained = [await trainSeen(), await trainSeen()];
    // What dropping waits for is the report. Who reads does not wait with it, nor who writes.
    let isDropped = false;
    const dropping = writer.dropOld().then(() => {
      isDropped = true;
    });
    const before = reads;
    await until(() => reads > before + 20);
    trained.push(await trainSeen());
    expect(isDropped).toBe(false);
    endReport();
    await report;
    await dropping;
    await writer.dropOld();
    isOver = true;
    await reading;

    const left = await client.$queryRaw<{ name: string }[]>`
      SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relname LIKE 'neighbours\\_m%' ORDER BY 1`;
    expect(left.map(({ name }) => name)).toEqual(trained.slice(1).map((id) => `neighbours_m${id}`));
  }, 60_000);
});
