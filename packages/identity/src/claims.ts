import { z } from 'zod';

/**
 * Who is behind a request: nobody, an account, a third-party app (perhaps for an account), or one of our own services.
 * `id` is the public id of the account (`user_…`), of the app, or the service's name.
 */
const actorSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('anonymous') }),
  z.object({ kind: z.literal('viewer'), id: z.string(), sessionId: z.string(), scopes: z.array(z.string()) }),
  z.object({
    kind: z.literal('app'),
    id: z.string(),
    viewerId: z.string().optional(),
    scopes: z.array(z.string()),
  }),
  z.object({ kind: z.literal('service'), id: z.string() }),
]);
export type Actor = z.output<typeof actorSchema>;

/** What the router knows about a request. A subgraph gets those of it that it declares to read. */
export interface Identity {
  readonly actor: Actor;
  /** ISO 3166-1 alpha-2; null when neither the address nor the account tells it. */
  readonly market: string | null;
  /** Where the market comes from: an address counts before the account. */
  readonly marketSource: 'ADDRESS' | 'ACCOUNT' | null;
  /** Whether explicit tracks may be shown. */
  readonly explicit: boolean;
  /** The client's address, as far as trusted proxies tell it. */
  readonly clientAddress: string | null;
}

/** What a subgraph may declare to read. Equal claims and equal bodies make equal answers. */
export type ClaimName = keyof Identity;

/** The claims of one signed request. Those that the subgraph did not declare are absent. */
export interface IdentityClaims extends Partial<Identity> {
  /** The subgraph that it is meant for. */
  readonly aud: string;
  /** When it was signed, in milliseconds since 1970. */
  readonly iat: number;
  readonly nonce: string;
  /** SHA-256 of the body, base64url. */
  readonly bodyHash: string;
  readonly requestId: string;
  /** When the client stops waiting, in milliseconds since 1970. */
  readonly deadline: number;
}

export const claimsSchema = z.object({
  aud: z.string(),
  iat: z.number(),
  nonce: z.string().min(16),
  bodyHash: z.string(),
  requestId: z.string(),
  deadline: z.number(),
  actor: actorSchema.optional(),
  market: z.string().nullable().optional(),
  marketSource: z.enum(['ADDRESS', 'ACCOUNT']).nullable().optional(),
  explicit: z.boolean().optional(),
  clientAddress: z.string().nullable().optional(),
});
