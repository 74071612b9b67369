import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

it('CONTRIBUTING says of each package what it is', async () => {
  const root = new URL('../', import.meta.url);
  const text = await readFile(new URL('CONTRIBUTING.md', root), 'utf8');
  const told = [...text.matchAll(/^\| `@medley\/([a-z-]+)` +\|/gm)].map(([, name]) => name);
  const folders = await readdir(new URL('packages', root));
  const packages = folders.filter((name) => existsSync(new URL(`packages/${name}/package.json`, root)));
  expect(told).toEqual(packages.sort());
});
