import type { Prisma, PrismaClient } from '../generated/prisma/client.ts';
import { lockOutbox } from './prisma-outbox.ts';

/** Runs work as the only writer: what it reads is still so when it writes. */
export type WriteAlone = <Result>(
  work: (transaction: Prisma.TransactionClient) => Promise<Result>,
) => Promise<Result>;

export const createWriteAlone =
  (prisma: PrismaClient): WriteAlone =>
  (work) =>
    prisma.$transaction(
      async (transaction) => {
        await lockOutbox(transaction);
        return work(transaction);
      },
      { maxWait: 60_000, timeout: 60_000 },
    );
