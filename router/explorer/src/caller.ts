import type { Address, Persona } from './server.ts';

/** Whom the page asks as, and from where. */
export interface Caller {
  readonly credential: Credential;
  /** Null: from the address that this browser has. */
  readonly address: Address | null;
}

export type Credential =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'persona'; readonly name: string }
  | { readonly kind: 'token'; readonly token: string };

/** For people: `as premium-us, from Brazil`. */
export function describeCaller({ credential, address }: Caller): string {
  const who = { anonymous: 'nobody', token: 'the holder of a token', persona: '' }[credential.kind];
  const as = `as ${credential.kind === 'persona' ? credential.name : who}`;
  return address ? `${as}, from ${address.name}` : as;
}

/**
 * Gives the headers that make a request the caller's.
 * @param readPersonas asked again when a persona's token is about to expire
 */
export function createCallerHeaders(readPersonas: () => Promise<readonly Persona[]>) {
  let personas: readonly Persona[] = [];

  async function findPersonaToken(name: string): Promise<string | undefined> {
    const find = () => personas.find((persona) => persona.name === name)?.token;
    const known = find();
    if (known && expiresAtMs(known) > Date.now() + 30_000) return known;
    personas = await readPersonas();
    return find();
  }

  return async ({ credential, address }: Caller): Promise<Record<string, string>> => {
    const token =
      credential.kind === 'persona' ? await findPersonaToken(credential.name) : tokenOf(credential);
    return {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(address && { 'x-forwarded-for': address.address }),
    };
  };
}

function tokenOf(credential: Credential): string | undefined {
  return credential.kind === 'token' ? credential.token.trim().replace(/^Bearer\s+/i, '') : undefined;
}

// RFC 7519: the second part of a JWT is base64url of JSON, `exp` counts seconds.
function expiresAtMs(token: string): number {
  try {
    const claims = JSON.parse(atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')));
    return claims.exp * 1000;
  } catch {
    return 0;
  }
}
