import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSigningKeySet } from '@medley/users/adapters/signing-key-set';
import { z } from 'zod';

/** Subgraphs that the router signs its requests for. */
const signedFor = [
  'analytics',
  'catalog',
  'playlists',
  'recommendations',
  'search',
  'streaming',
  'users',
] as const;
/** Subgraphs that others ask in the name of a service. */
const servedTo = ['analytics', 'catalog', 'playlists', 'recommendations', 'users'] as const;

/** What an operator would give by environment; here made at the first start and kept in DATA_DIR, mode 600. */
const secretsSchema = z.object({
  /** Of the router, for requests to each subgraph. */
  identityKeys: z.record(z.enum(signedFor), z.string()),
  /** Of the services, for requests to these in their own name. */
  serviceKeys: z.record(z.enum(servedTo), z.string()),
  urlSigningKeys: z.string(),
  playbackTokenKeys: z.string(),
  cursorKeys: z.string(),
  originSecret: z.string(),
  /** A JWK set with private keys, as JSON; the first signs. */
  jwtSigningKeys: z.string(),
});
export type Secrets = z.output<typeof secretsSchema>;

/** Folders that an older version made lack the keys of what came later. */
const storedSchema = secretsSchema.extend({
  identityKeys: z.partialRecord(z.enum(signedFor), z.string()),
  serviceKeys: z.partialRecord(z.enum(servedTo), z.string()).default({}),
});

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
  const stored = parseSecrets(text, file);
  const secrets: Secrets = {
    ...stored,
    identityKeys: { ...newKeys(signedFor), ...stored.identityKeys },
    serviceKeys: { ...newKeys(servedTo), ...stored.serviceKeys },
  };
  return secretsSchema.safeParse(stored).success ? secrets : writeSecrets(file, secrets);
}

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
    identityKeys: newKeys(signedFor),
    serviceKeys: newKeys(servedTo),
    urlSigningKeys: newKey(),
    playbackTokenKeys: newKey(),
    cursorKeys: newKey(),
    originSecret: randomBytes(32).toString('base64url'),
    jwtSigningKeys: JSON.stringify(await createSigningKeySet()),
  };
}

const newKeys = <Name extends string>(names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, newKey()])) as Record<Name, string>;

const newKey = () => `${randomBytes(4).toString('hex')}:${randomBytes(32).toString('base64url')}`;
