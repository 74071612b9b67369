import { encodeId, importedUuid } from '@medley/ids';
import type { AccessTokens } from './domain/access-tokens.ts';
import type { AccountRepository, NewAccount } from './domain/account.ts';
import type { PasswordHasher } from './domain/password-hasher.ts';
import { createRefreshToken, hashRefreshToken } from './domain/refresh-token.ts';
import type { SessionRepository } from './domain/session.ts';

interface Persona {
  readonly name: string;
  readonly description: string;
  readonly account: Pick<NewAccount, 'displayName' | 'country' | 'tier' | 'allowsExplicit' | 'scopes'>;
}

/** People to try the service as. For one machine only: their passwords are public. */
const personas: readonly Persona[] = [
  {
    name: 'free-de',
    description: 'listens for free in Germany',
    account: { displayName: 'Frieda Frei', country: 'DE', tier: 'FREE' },
  },
  {
    name: 'premium-us',
    description: 'pays, in the United States',
    account: { displayName: 'Pat Premium', country: 'US', tier: 'PREMIUM' },
  },
  {
    name: 'premium-br',
    description: 'pays, in Brazil',
    account: { displayName: 'Bruna Brasil', country: 'BR', tier: 'PREMIUM' },
  },
  {
    name: 'clean-us',
    description: 'pays, in the United States, without explicit tracks',
    account: { displayName: 'Casey Clean', country: 'US', tier: 'PREMIUM', allowsExplicit: false },
  },
  {
    name: 'analyst',
    description: 'reads analytics',
    account: { displayName: 'Ana Lyst', country: 'DE', tier: 'PREMIUM', scopes: ['analytics:read'] },
  },
  {
    name: 'editor',
    description: 'makes the public playlists of the house',
    account: { displayName: 'Medley Editors', country: 'DE', tier: 'PREMIUM' },
  },
  {
    name: 'admin',
    description: 'may do everything',
    account: {
      displayName: 'Adi Admin',
      country: 'DE',
      tier: 'PREMIUM',
      scopes: ['users:admin', 'catalog:write', 'analytics:read', 'playback:support'],
    },
  },
];

export interface PersonaToken {
  readonly name: string;
  readonly description: string;
  /** `user_…` */
  readonly userId: string;
  readonly email: string;
  /** Good unless somebody changed it. */
  readonly password: string;
  /** An access token. */
  readonly token: string;
  readonly expiresAt: Date;
}

/**
 * Makes the accounts of the personas that are missing, with stable ids; those that exist stay as they are.
 * @returns how many were made
 */
export async function seedPersonas({
  accounts,
  passwords,
}: {
  accounts: AccountRepository;
  passwords: PasswordHasher;
}): Promise<number> {
  const known = new Set((await accounts.findByIds(personas.map(idOf))).map(({ id }) => id));
  const missing = personas.filter((persona) => !known.has(idOf(persona)));
  for (const persona of missing) {
    await accounts.create({
      ...persona.account,
      id: idOf(persona),
      email: emailOf(persona),
      passwordHash: await passwords.hash(passwordOf(persona)),
      createdAt: new Date(),
    });
  }
  return missing.length;
}

/**
 * Access tokens of personas that last. Each persona has one session for them, which is revived, so that tokens handed
 * out before stay good too.
 * @param options.names all personas unless given
 * @throws Error when a name is none, or its account was not seeded
 */
export async function issuePersonaTokens(
  {
    accounts,
    sessions,
    tokens,
    clock = Date.now,
  }: {
    accounts: AccountRepository;
    sessions: SessionRepository;
    tokens: AccessTokens;
    /** Milliseconds since 1970. */
    clock?: () => number;
  },
  { ttlSeconds, names = personas.map(({ name }) => name) }: { ttlSeconds: number; names?: readonly string[] },
): Promise<PersonaToken[]> {
  const chosen = names.map(findPersona);
  const found = new Map((await accounts.findByIds(chosen.map(idOf))).map((account) => [account.id, account]));
  const now = new Date(clock());
  return Promise.all(
    chosen.map(async (persona) => {
      const account = found.get(idOf(persona));
      if (!account) throw new Error(`the persona ${persona.name} has no account here: seed it first`);
      const session = await sessions.keep({
        id: importedUuid('persona', 'session', persona.name),
        accountId: account.id,
        device: 'persona token',
        ...(await hashRefreshToken(createRefreshToken())),
        now,
        expiresAt: new Date(now.getTime() + ttlSeconds * 1_000),
      });
      const access = await tokens.issue({ account, sessionId: session.id }, ttlSeconds);
      return {
        name: persona.name,
        description: persona.description,
        userId: encodeId('user', account.id),
        email: account.email,
        password: passwordOf(persona),
        ...access,
      };
    }),
  );
}

/**
 * The public id of a persona's account, which is the same everywhere.
 * @throws Error when the name is none
 */
export const personaUserId = (name: string): string => encodeId('user', idOf(findPersona(name)));

function findPersona(name: string): Persona {
  const persona = personas.find((known) => known.name === name);
  if (persona) return persona;
  throw new Error(
    `there is no persona ${JSON.stringify(name)}; there are ${personas.map((known) => known.name).join(', ')}`,
  );
}

const idOf = ({ name }: Persona) => importedUuid('persona', 'user', name);
const emailOf = ({ name }: Persona) => `${name}@medley.example`;
const passwordOf = ({ name }: Persona) => `medley-${name}`;
