import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSigningKeySet } from '@medley/users/adapters/signing-key-set';
import { z } from 'zod';

/** What an operator would give by environment; here made at the first start and kept in DATA_DIR, mode 600. */
const secretsSchema = z.object({
  /** Of the router, for requests to each subgraph. */
  identityKeys: z.object({ catalog: z.string(), streaming: z.string(), users: z.string() }),
  /** Of streaming, for requests to these in its own name. */
  serviceKeys: z.object({ catalog: z.string(), users: z.string() }),
  urlSigningKeys: z.string(),
  playbackTokenKeys: z.string(),
  cursorKeys: z.string(),
  originSecret: z.string(),
  /** A JWK set with private keys, as JSON; the first signs. */
  jwtSigningKeys: z.string(),
});
export type Secrets = z.output<typeof secretsSchema>;

/**
 * The secrets of a data folder, made where there are none and completed where some are missing.
 * @throws Error that names the file when it cannot be understood
 */
export async function readOrCreateSecrets(folder: string): Promise<Secrets> {
  const file = join(folder, 'secrets.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return writeSecrets(file, await createSecrets());
  }
  const { serviceKeys, ...secrets } = parseSecrets(text, file);
  if (serviceKeys) return { ...secrets, serviceKeys };
  return writeSecrets(file, { ...secrets, serviceKeys: createServiceKeys() });
}

/** Folders made before services had keys of their own lack these. */
const storedSchema = secretsSchema.partial({ serviceKeys: true });

function parseSecrets(text: string, file: string): z.output<typeof storedSchema> {
  try {
    return storedSchema.parse(JSON.parse(text));
  } catch {
    throw new Error(
      `${file} is damaged; remove it to get new secrets (all signed URLs and sessions end then)`,
    );
  }
}

async function writeSecrets(file: string, secrets: Secrets): Promise<Secrets> {
  await writeFile(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return secrets;
}

async function createSecrets(): Promise<Secrets> {
  return {
    identityKeys: { catalog: newKey(), streaming: newKey(), users: newKey() },
    serviceKeys: createServiceKeys(),
    urlSigningKeys: newKey(),
    playbackTokenKeys: newKey(),
    cursorKeys: newKey(),
    originSecret: randomBytes(32).toString('base64url'),
    jwtSigningKeys: JSON.stringify(await createSigningKeySet()),
  };
}

const createServiceKeys = () => ({ catalog: newKey(), users: newKey() });

const newKey = () => `${randomBytes(4).toString('hex')}:${randomBytes(32).toString('base64url')}`;
