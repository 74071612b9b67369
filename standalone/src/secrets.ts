import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSigningKeySet } from '@medley/users/adapters/signing-key-set';
import { z } from 'zod';

/** What an operator would give by environment; here made at the first start and kept in DATA_DIR, mode 600. */
const secretsSchema = z.object({
  identityKeys: z.object({ catalog: z.string(), streaming: z.string(), users: z.string() }),
  urlSigningKeys: z.string(),
  playbackTokenKeys: z.string(),
  cursorKeys: z.string(),
  originSecret: z.string(),
  /** A JWK set with private keys, as JSON; the first signs. */
  jwtSigningKeys: z.string(),
});
export type Secrets = z.output<typeof secretsSchema>;

/**
 * The secrets of a data folder, made where there are none.
 * @throws Error that names the file when it cannot be understood
 */
export async function readOrCreateSecrets(folder: string): Promise<Secrets> {
  const file = join(folder, 'secrets.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const secrets = await createSecrets();
    await writeFile(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
    await rename(`${file}.new`, file);
    return secrets;
  }
  try {
    return secretsSchema.parse(JSON.parse(text));
  } catch {
    throw new Error(
      `${file} is damaged; remove it to get new secrets (all signed URLs and sessions end then)`,
    );
  }
}

async function createSecrets(): Promise<Secrets> {
  return {
    identityKeys: { catalog: newKey(), streaming: newKey(), users: newKey() },
    urlSigningKeys: newKey(),
    playbackTokenKeys: newKey(),
    cursorKeys: newKey(),
    originSecret: randomBytes(32).toString('base64url'),
    jwtSigningKeys: JSON.stringify(await createSigningKeySet()),
  };
}

const newKey = () => `${randomBytes(4).toString('hex')}:${randomBytes(32).toString('base64url')}`;
