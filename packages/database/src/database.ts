import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';

/** Where rows live, whichever server that is. */
export interface Database {
  /** For `new PrismaClient({ adapter })`. */
  readonly adapter: SqlMigrationAwareDriverAdapterFactory;
  /** SQL statements since it was opened; transaction control is not counted. */
  readonly statements: { count(): number };
  close(): Promise<void>;
}

interface Queryable {
  queryRaw(query: never): Promise<unknown>;
  executeRaw(query: never): Promise<unknown>;
  executeScript?(script: string): Promise<void>;
  startTransaction?(isolation?: never): Promise<Queryable>;
}

/**
 * Counts what passes through an adapter.
 * @param executeScript runs the text of a migration as a whole
 */
export function countStatements(
  adapter: SqlMigrationAwareDriverAdapterFactory,
  executeScript: (connected: unknown, script: string) => Promise<unknown>,
): Pick<Database, 'adapter' | 'statements'> {
  let count = 0;
  const counted = <Inner extends Queryable>(inner: Inner): Inner => {
    const queryRaw = inner.queryRaw.bind(inner);
    const executeRaw = inner.executeRaw.bind(inner);
    const startTransaction = inner.startTransaction?.bind(inner);
    inner.queryRaw = (query) => {
      count += 1;
      return queryRaw(query);
    };
    inner.executeRaw = (query) => {
      count += 1;
      return executeRaw(query);
    };
    if (startTransaction)
      inner.startTransaction = async (isolation) => counted(await startTransaction(isolation));
    return inner;
  };
  const connect = adapter.connect.bind(adapter);
  // The adapters' own either cuts at each semicolon, also within a function's body, or does not wait for the end.
  const whole = (connected: Queryable): Queryable => {
    connected.executeScript = async (script) => void (await executeScript(connected, script));
    return connected;
  };
  adapter.connect = async () => whole(counted((await connect()) as unknown as Queryable)) as never;
  return { adapter, statements: { count: () => count } };
}
