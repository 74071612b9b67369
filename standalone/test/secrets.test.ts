import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readOrCreateSecrets } from '../src/secrets.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-secrets-'));
  file = join(folder, 'secrets.json');
});
afterEach(() => rm(folder, { recursive: true }));

describe('the secrets of a data folder', () => {
  it('are made once, for its owner alone', async () => {
    const secrets = await readOrCreateSecrets(folder);
    expect(await readOrCreateSecrets(folder)).toEqual(secrets);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('are completed when the folder is older than the keys of services', async () => {
    const { serviceKeys: _, ...older } = await readOrCreateSecrets(folder);
    await writeFile(file, JSON.stringify(older));
    const completed = await readOrCreateSecrets(folder);
    expect(completed).toMatchObject(older);
    expect(completed.serviceKeys).toEqual({ catalog: expect.any(String), users: expect.any(String) });
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(completed);
  });

  it('are not made anew over a file that is damaged', async () => {
    await writeFile(file, '{"urlSigningKeys":');
    await expect(readOrCreateSecrets(folder)).rejects.toThrow(/secrets\.json is damaged/);
    expect(await readFile(file, 'utf8')).toBe('{"urlSigningKeys":');
  });
});
