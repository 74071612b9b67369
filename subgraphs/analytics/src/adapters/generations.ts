import { prepareInbox } from '@medley/inbox';
import { type Generation, GenerationGoneError, type Generations } from '../domain/generations.ts';
import type { GenerationId } from '../domain/ledger.ts';
import { dropTables, inboxesOf, makeTables } from './generation-tables.ts';
import { inTransaction, type PrismaClient, type Transaction } from './prisma-client.ts';

/** What a transaction counts of the log: offsets from `from` up to, but without, `to`. */
interface Span {
  readonly topic: string;
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
}

/** There is no generation yet: `prepare` was not called, or failed so far. */
class NotPreparedError extends Error {
  /** It passes when it is called. */
  readonly transient = true;
  constructor() {
    super('there is no generation to count into: were they prepared?');
    this.name = 'NotPreparedError';
  }
}

/**
 * The generations that a transaction is to add to, which stay what they are until its end. To be called before it claims or adds anything.
 * Who counts the same partition at the same time waits for the end of the transaction.
 *
 * One that is being built gets what is shown only where it has come as far as `from`: else what is older would be counted after what is
 * newer, and which of two plays is doubtful goes by which was told first. What is left out comes to it with all the rest, from the
 * beginning of the topic. Dead letters that are sent again have no such order, and go to all.
 * @throws GenerationGoneError, NotPreparedError
 */
export async function openGenerations(
  tx: Transaction,
  { topic, partition, from, to }: Span,
  into: 'all' | GenerationId,
): Promise<readonly GenerationId[]> {
  await tx.$executeRaw`LOCK TABLE analytics.generations IN ROW SHARE MODE`;
  const only = into === 'all' ? null : into;
  const isRetry = topic.endsWith('.retry');
  const rows = await tx.$queryRaw<{ generation: GenerationId }[]>`
    INSERT INTO analytics.generation_positions AS known (generation, topic, partition, counted_from, counted_to)
    SELECT id, ${topic}, ${partition}, ${from}, ${to}
    FROM analytics.generations
    WHERE state IN ('CURRENT', 'BUILDING') AND (
      id = ${only}::int OR ${only}::int IS NULL AND (
        state = 'CURRENT' OR ${isRetry} OR EXISTS (
          SELECT FROM analytics.generation_positions AS position
          WHERE position.generation = id AND topic = ${topic} AND partition = ${partition} AND counted_to >= ${from}
        )
      )
    )
    ORDER BY id
    ON CONFLICT (generation, topic, partition) DO UPDATE SET
      counted_from = least(known.counted_from, excluded.counted_from),
      counted_to = greatest(known.counted_to, excluded.counted_to)
    RETURNING generation`;
  if (rows.length === 0) throw only === null ? new NotPreparedError() : new GenerationGoneError(only);
  return rows.map(({ generation }) => generation).toSorted((one, other) => one - other);
}

/** Changes generations while nobody counts: it waits for the transactions that do, and the next ones wait for it. */
const change = <Result>(client: PrismaClient, work: (tx: Transaction) => Promise<Result>): Promise<Result> =>
  inTransaction(client, async (tx) => {
    await tx.$executeRaw`LOCK TABLE analytics.generations IN EXCLUSIVE MODE`;
    return work(tx);
  });

export function createGenerations(client: PrismaClient): Generations {
  const findAll = (sql: Pick<Transaction, 'generation'>) =>
    sql.generation.findMany({ orderBy: { id: 'asc' } });
  const toGeneration = ({ id, startedAt }: Generation): Generation => ({ id, startedAt });

  async function make(tx: Transaction, state: 'CURRENT' | 'BUILDING'): Promise<Generation> {
    const now = new Date();
    const made = await tx.generation.create({
      data: { state, startedAt: now, builtAt: state === 'CURRENT' ? now : null },
    });
    await makeTables(tx, made.id);
    for (const inbox of inboxesOf(made.id)) await prepareInbox(tx, inbox);
    return toGeneration(made);
  }

  return {
    async prepare() {
      const known = await findAll(client);
      if (!known.some(({ state }) => state === 'CURRENT')) {
        await change(client, async (tx) => {
          if (!(await findAll(tx)).some(({ state }) => state === 'CURRENT')) await make(tx, 'CURRENT');
        });
      }
      for (const { id, state } of known) {
        if (state === 'RETIRED') continue;
        for (const inbox of inboxesOf(id)) await prepareInbox(client, inbox);
      }
    },

    async dropRetired() {
      for (const { id } of await client.generation.findMany({ where: { state: 'RETIRED' } })) {
        await dropTables(client, id);
        await client.generationPosition.deleteMany({ where: { generation: id } });
        await client.generation.deleteMany({ where: { id, state: 'RETIRED' } });
      }
    },

    async find() {
      const known = await findAll(client);
      const of = (wanted: string) => {
        const found = known.find(({ state }) => state === wanted);
        return found ? toGeneration(found) : null;
      };
      return { current: of('CURRENT'), building: of('BUILDING') };
    },

    async findCounted(id) {
      const counted = await client.generationPosition.findMany({
        where: { generation: id, NOT: { topic: { endsWith: '.retry' } } },
        orderBy: [{ topic: 'asc' }, { partition: 'asc' }],
      });
      return counted.map(({ topic, partition, countedFrom: from, countedTo: to }) => ({
        ...{ topic, partition, from, to },
      }));
    },

    build: () =>
      change(client, async (tx) => {
        const building = (await findAll(tx)).find(({ state }) => state === 'BUILDING');
        return building ? toGeneration(building) : make(tx, 'BUILDING');
      }),

    async show(id, readLog) {
      return change(client, async (tx) => {
        const known = await findAll(tx);
        const current = known.find(({ state }) => state === 'CURRENT');
        if (current?.id === id) return true;
        if (!known.some((generation) => generation.id === id && generation.state === 'BUILDING'))
          throw new GenerationGoneError(id);
        const positions = await tx.generationPosition.findMany();
        const hasCome = (await readLog()).every(({ topic, partition, low, high }) => {
          const countedTo = (generation: number | undefined) =>
            positions.find(
              (position) =>
                position.generation === generation &&
                position.topic === topic &&
                position.partition === partition,
            )?.countedTo ?? 0n;
          // What the log has forgotten nobody can count any more; nor what lies beyond its end, of one that it was made in place of.
          const [own, shown] = [countedTo(id), countedTo(current?.id)];
          return (shown < high ? shown : high) <= (own > low ? own : low);
        });
        if (!hasCome) return false;
        await tx.generation.updateMany({ where: { state: 'CURRENT' }, data: { state: 'RETIRED' } });
        await tx.generation.update({ where: { id }, data: { state: 'CURRENT', builtAt: new Date() } });
        return true;
      });
    },

    async giveUp(id) {
      await change(client, (tx) =>
        tx.generation.updateMany({ where: { id, state: 'BUILDING' }, data: { state: 'RETIRED' } }),
      );
    },
  };
}
