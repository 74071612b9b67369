import { newUuid } from '@medley/ids';
import { claimEvents, type Inbox, prepareInbox } from '@medley/inbox';
import type { ArchivedPlay } from '../domain/archived-play.ts';
import { dayOfPlay } from '../domain/archived-play.ts';
import type { ArchivePart, WaitingPlays } from '../domain/waiting-plays.ts';
import { inTransaction, type PrismaClient } from './prisma-client.ts';

/** Plays between the log and the archive, in PostgreSQL: claiming one and keeping it is one transaction. */
export function createPrismaArchive(client: PrismaClient): WaitingPlays {
  return {
    prepare: () => prepareInbox(client, claims),

    take: (plays, at) =>
      inTransaction(client, async (tx) => {
        const asked = plays.map(({ claim }) => claim);
        const outcomes = await claimEvents(tx, claims, asked, at.getTime());
        const fresh = plays.flatMap(({ play }, index) =>
          outcomes[index] === 'new' ? [{ day: dayOfPlay(play), play }] : [],
        );
        if (fresh.length > 0) {
          await tx.$executeRaw`
            INSERT INTO recommendations.archived_plays (day, play, claimed_at)
            SELECT day, play, ${at}
            FROM jsonb_to_recordset(${JSON.stringify(fresh)}::jsonb) AS taken(day date, play jsonb)`;
        }
        return outcomes;
      }),

    async findWaiting() {
      const rows = await client.$queryRaw<{ day: string; plays: number; since: Date }[]>`
        SELECT day::text AS day, count(*)::int AS plays, min(claimed_at) AS since
        FROM recommendations.archived_plays WHERE part IS NULL GROUP BY day ORDER BY day`;
      return rows;
    },

    async namePart(day, limit) {
      const id = newUuid();
      // What another process names at this moment is left to it.
      const plays = await client.$executeRaw`
        UPDATE recommendations.archived_plays SET part = ${id}::uuid WHERE id = ANY(ARRAY(
          SELECT id FROM recommendations.archived_plays
          WHERE part IS NULL AND day = ${day}::date ORDER BY id LIMIT ${limit}::int FOR UPDATE SKIP LOCKED
        ))`;
      return plays === 0 ? null : { id, day, plays };
    },

    async findParts() {
      return await client.$queryRaw<ArchivePart[]>`
        SELECT part::text AS id, day::text AS day, count(*)::int AS plays
        FROM recommendations.archived_plays WHERE part IS NOT NULL GROUP BY part, day ORDER BY part`;
    },

    async *readPart({ id, day }) {
      for (let after = 0n; ; ) {
        const rows = await client.$queryRaw<{ id: bigint; play: StoredPlay }[]>`
          SELECT id, play FROM recommendations.archived_plays
          WHERE part = ${id}::uuid AND day = ${day}::date AND id > ${after} ORDER BY id LIMIT ${pageSize}`;
        const last = rows.at(-1);
        if (!last) return;
        yield rows.map(({ play }) => ({ ...play, playedAt: new Date(play.playedAt) }));
        if (rows.length < pageSize) return;
        after = last.id;
      }
    },

    forgetPart: ({ id, day }, at) =>
      inTransaction(client, async (tx) => {
        await tx.$executeRaw`
          DELETE FROM recommendations.archived_plays WHERE part = ${id}::uuid AND day = ${day}::date`;
        const done = { doneAt: at };
        await tx.scheduledWork.upsert({
          where: { name: work },
          create: { name: work, ...done },
          update: done,
        });
      }),

    async findArchivedUntil(now) {
      // They come in nearly the order of their ids.
      const first = await client.archivedPlay.findFirst({
        orderBy: { id: 'asc' },
        select: { claimedAt: true },
      });
      const done = await client.scheduledWork.findUnique({ where: { name: work } });
      if (!done) return null;
      return first?.claimedAt ?? now;
    },
  };
}

const claims: Inbox = { table: 'recommendations.claimed_archive' };
const work = 'archive';
/** While one is read, others wait on an embedded database. */
const pageSize = 2_000;

type StoredPlay = Omit<ArchivedPlay, 'playedAt'> & { readonly playedAt: string };
