import { createMigration, type OwnerOfRows, openEmbedded, openPglite, ownersOfRows } from '@medley/database';

const [owner, name] = process.argv.slice(2);
if (!ownersOfRows.includes(owner as OwnerOfRows) || !/^[a-z][a-z0-9_]*$/.test(name ?? '')) {
  console.error(`usage: npm run db:migration -- <${ownersOfRows.join('|')}> <name_in_snake_case>`);
  process.exit(2);
}
const pglite = await openPglite(null);
try {
  const migration = await createMigration(openEmbedded(pglite), owner as OwnerOfRows, name as string);
  console.log(migration ? `wrote prisma/${owner}/migrations/${migration}/migration.sql` : 'nothing to do');
} finally {
  await pglite.close();
}
