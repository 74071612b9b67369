/** Any client that Prisma generates. */
interface Transactional {
  $transaction(...given: never[]): unknown;
}

/** What a client of Prisma gives to the work of a transaction. */
export type TransactionOf<Client extends Transactional> = Parameters<Client['$transaction']>[0] extends (
  tx: infer Transaction,
) => unknown
  ? Transaction
  : never;

/**
 * Does work in one transaction, all of it or nothing. It waits up to 10 s for a connection, of which an embedded database has but one,
 * and runs for 15 s at most.
 */
export const inTransaction = <Client extends Transactional, Result>(
  client: Client,
  work: (tx: TransactionOf<Client>) => Promise<Result>,
): Promise<Result> => client.$transaction(...([work, limits] as never[])) as Promise<Result>;

const limits = { maxWait: 10_000, timeout: 15_000 };
