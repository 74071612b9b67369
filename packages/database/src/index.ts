export type { Database } from './database.ts';
export { openEmbedded, openPglite } from './embedded.ts';
export type { Hold, TryHold } from './hold.ts';
export { hashMigrations, readOrBuildImage } from './image.ts';
export { inTransaction, type TransactionOf } from './in-transaction.ts';
export { createMigration, migrate, type OwnerOfRows, ownersOfRows } from './migrations.ts';
export { openPostgres } from './postgres.ts';
