import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { Database } from './database.ts';

export type SchemaEngine = bindings.SchemaEngine;

/**
 * Prisma's schema engine as WebAssembly: the same that `prisma migrate deploy` runs natively, without the download of a
 * binary, and on any database that has an adapter, PGlite too.
 * @param datamodel the text of a schema.prisma
 */
export async function openSchemaEngine(database: Database, datamodel: string): Promise<SchemaEngine> {
  instantiated ??= instantiate();
  await instantiated;
  return bindings.SchemaEngine.new(
    { datamodels: [['schema.prisma', datamodel]] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(database.adapter),
  );
}

let instantiated: Promise<void> | undefined;

// Node 20 cannot import WebAssembly as a module, hence by hand.
async function instantiate(): Promise<void> {
  const folder = dirname(
    createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg'),
  );
  const bytes = await readFile(join(folder, 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(new Uint8Array(bytes), {
    './schema_engine_bg.js': bindings as unknown as WebAssembly.ModuleImports,
  });
  const exports = instance.exports as { __wbindgen_start(): void };
  (bindings as unknown as { __wbg_set_wasm(wasm: unknown): void }).__wbg_set_wasm(exports);
  exports.__wbindgen_start();
}
