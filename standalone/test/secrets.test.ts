import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSigningKeys } from '@medley/signing-keys';
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
    expect(await readdir(folder)).toEqual(['secrets.json']);
  });

  it('are good keys, no two alike', async () => {
    const { originSecret, jwtSigningKeys, identityKeys, serviceKeys, ...others } =
      await readOrCreateSecrets(folder);
    const keys = [identityKeys, serviceKeys, others].flatMap((group) => Object.values(group));
    for (const key of keys) expect(() => parseSigningKeys(key)).not.toThrow();
    expect(new Set([...keys, originSecret]).size).toBe(keys.length + 1);
    expect(JSON.parse(jwtSigningKeys).keys[0]).toMatchObject({ kty: 'EC', d: expect.any(String) });
  });

  it('are completed when the folder is older than some of the keys', async () => {
    const { serviceKeys: _, identityKeys, ...others } = await readOrCreateSecrets(folder);
    const { catalog, streaming, users } = identityKeys;
    const older = { ...others, identityKeys: { catalog, streaming, users } };
    await writeFile(file, JSON.stringify(older));
    const completed = await readOrCreateSecrets(folder);
    expect(completed).toMatchObject(older);
    expect(Object.keys(completed.identityKeys).sort()).toEqual(Object.keys(identityKeys).sort());
    expect(completed.serviceKeys).toMatchObject({
      catalog: expect.any(String),
      playlists: expect.any(String),
    });
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(completed);
  });

  it.each([
    ['no JSON', '{"urlSigningKeys":"s3cret"'],
    ['of another shape', '{"originSecret":"s3cret"}'],
  ])('are not made anew over a file that is damaged, nor shown: %s', async (_, text) => {
    await writeFile(file, text);
    const error = await readOrCreateSecrets(folder).catch((reason: Error) => reason);
    expect((error as Error).message).toContain(`${file} is damaged; remove it`);
    expect((error as Error).message).not.toContain('s3cret');
    expect(await readFile(file, 'utf8')).toBe(text);
  });
});
