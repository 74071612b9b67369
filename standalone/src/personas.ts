import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { issuePersonaTokens, type PersonaToken, seedPersonas } from '@medley/users';
import { createArgon2PasswordHasher } from '@medley/users/adapters/argon2-password-hasher';
import { createTokens } from '@medley/users/adapters/jwt-access-tokens';
import type { Repositories } from '@medley/users/adapters/prisma-repositories';
import { parseSigningKeySet } from '@medley/users/adapters/signing-key-set';

/** Hands out tokens of the personas. */
export interface PersonaDesk {
  readonly issuer: { readonly issuer: string; readonly audience: string };
  readonly tokens: ReturnType<typeof createTokens>;
  /** Makes the accounts that are missing. */
  seed(): Promise<void>;
  /**
   * Fresh tokens, good for a day.
   * @param names all personas unless given
   * @throws Error when a name is none
   */
  issue(names?: readonly string[]): Promise<PersonaToken[]>;
  /** Fresh tokens into `personas.json`, for scripts. Only the owner of the folder can read it. */
  writeFile(folder: string): Promise<PersonaToken[]>;
}

/** @param jwtSigningKeys a JWK set with private keys, as JSON */
export function createPersonaDesk(
  { accounts, sessions }: Pick<Repositories, 'accounts' | 'sessions'>,
  jwtSigningKeys: string,
): PersonaDesk {
  const issuer = { issuer: 'https://medley.example', audience: 'medley' };
  const tokens = createTokens({ keys: parseSigningKeySet(jwtSigningKeys), ...issuer });
  const issue = (names?: readonly string[]) =>
    issuePersonaTokens({ accounts, sessions, tokens }, { ttlSeconds: aDay, ...(names && { names }) });
  return {
    issuer,
    tokens,
    async seed() {
      await seedPersonas({ accounts, passwords: createArgon2PasswordHasher() });
    },
    issue,
    async writeFile(folder) {
      const issued = await issue();
      const file = join(folder, 'personas.json');
      await writeFile(`${file}.new`, `${JSON.stringify(issued, null, 2)}\n`, { mode: 0o600 });
      await rename(`${file}.new`, file);
      return issued;
    },
  };
}

const aDay = 86_400;
