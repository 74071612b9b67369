import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type { TryHold } from './hold.ts';

/** Where rows live, whichever server that is. */
export interface Database {
  /** For `new PrismaClient({ adapter })`. */
  readonly adapter: SqlMigrationAwareDriverAdapterFactory;
  /** SQL statements since it was opened; transaction control is not counted. */
  readonly statements: { count(): number };
  /** For what one process at a time does. */
  readonly tryHold: TryHold;
  close(): Promise<void>;
}

interface Queryable {
  queryRaw(query: never): Promise<unknown>;
  executeRaw(query: never): Promise<unknown>;
  startTransaction?(isolation?: never): Promise<Queryable>;
}

/** Counts what passes through an adapter. */
export function countStatements(
  adapter: SqlMigrationAwareDriverAdapterFactory,
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
  adapter.connect = async () => counted((await connect()) as unknown as Queryable) as never;
  return { adapter, statements: { count: () => count } };
}

/**
 * Runs scripts (migrations) in one piece. The adapters' own either cut them at every semicolon, also within strings,
 * comments and the bodies of functions, or do not wait for the end.
 */
export function withWholeScripts(
  adapter: SqlMigrationAwareDriverAdapterFactory,
  execute: (script: string) => Promise<unknown>,
): SqlMigrationAwareDriverAdapterFactory {
  const connect = adapter.connect.bind(adapter);
  adapter.connect = async () => {
    const connection = await connect();
    connection.executeScript = async (script) => void (await execute(script));
    return connection;
  };
  return adapter;
}
