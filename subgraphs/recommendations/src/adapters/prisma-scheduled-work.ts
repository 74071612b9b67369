import type { ScheduledWork } from '../domain/scheduled-work.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { PrismaClient } from './prisma-client.ts';

export const createPrismaScheduledWork = (client: PrismaClient): ScheduledWork => ({
  async find(name) {
    const row = await client.scheduledWork.findUnique({ where: { name } });
    const place = row?.place ?? null;
    return {
      done: row?.done ?? null,
      doneAt: row?.doneAt ?? null,
      place: typeof place === 'object' && !Array.isArray(place) ? place : null,
    };
  },
  async notePlace(name, place) {
    const at = { place: place as Prisma.InputJsonObject };
    await client.scheduledWork.upsert({ where: { name }, create: { name, ...at }, update: at });
  },
  async noteDone(name, done, doneAt) {
    const ended = { done, doneAt, place: Prisma.DbNull };
    await client.scheduledWork.upsert({ where: { name }, create: { name, ...ended }, update: ended });
  },
});
