import type { WorkDone } from '../domain/work-done.ts';
import type { PrismaClient } from './prisma-client.ts';

export const createPrismaWorkDone = (client: PrismaClient): WorkDone => ({
  async find(work) {
    const row = await client.dailyWork.findUnique({ where: { name: work } });
    return row && { day: row.day, at: row.doneAt };
  },
  async note(work, day, at) {
    const done = { day, doneAt: at };
    await client.dailyWork.upsert({ where: { name: work }, create: { name: work, ...done }, update: done });
  },
});
