export { type Cassandra, createCassandra, type Row, type Statement } from './cassandra.ts';
export { type CassandraConfig, cassandraConfig, type Replication, readCassandraConfig } from './config.ts';
export type { CassandraConnection } from './connection.ts';
export { CassandraUnavailableError, type UnavailableReason } from './errors.ts';
export { type KeyspaceOwner, type MigrateOptions, migrate, ownersOfKeyspaces } from './migrate.ts';
export type { Migration } from './migrations.ts';
