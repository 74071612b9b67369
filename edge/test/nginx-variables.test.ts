import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const folder = new URL('../nginx/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');

it('nginx/README.md tells every variable of the templates and the script, and no other', () => {
  const names = readdirSync(folder).filter((name) => /\.(template|sh)$/.test(name));
  const used = names.flatMap((name) =>
    [...read(name).matchAll(/\$\{?([A-Z][A-Z_]+)/g)].map(([, name]) => name),
  );
  const [, table = ''] = /\| variable \|([\s\S]*?)\n\n/.exec(read('README.md')) ?? [];
  const rows = table.split('\n').map((row) => row.split('|')[1] ?? '');
  const told = rows.flatMap((cell) => [...cell.matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name));
  // How often the script looks is for its test.
  expect([...new Set(used)].filter((name) => name !== 'ACCESS_LOG_LOOK_SECONDS').sort()).toEqual(told.sort());
});
