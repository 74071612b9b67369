import { plainAddress } from '@medley/addresses';
import { unauthenticated } from '@medley/errors';
import type { Identity } from '@medley/identity';
import type { Credential, VerifyCredential } from './credential.ts';
import type { Geo } from './geo-database.ts';

/** What of a request tells who asks. Other headers are not looked at: anybody can write them. */
export interface IdentitySource {
  /** The header `authorization`. */
  readonly authorization: string | undefined;
  /** The client's address, as far as trusted proxies tell it. */
  readonly address: string | undefined;
}

export type ReadIdentity = (source: IdentitySource) => Promise<Identity>;

/** Who asks, for those who stay. */
export interface Visitor {
  readonly identity: Identity;
  /** From when on his credential is refused, in milliseconds since 1970; undefined when it does not expire, or he has none. */
  readonly expiresAt: number | undefined;
}

export type ReadVisitor = (source: IdentitySource) => Promise<Visitor>;

/** @see createIdentityReader */
export function createVisitorReader({
  verifyCredential,
  geo,
}: {
  verifyCredential: VerifyCredential;
  geo: Geo;
}): ReadVisitor {
  return async ({ authorization, address }) => {
    if (authorization === undefined) {
      return { identity: toIdentity(anonymous, address, geo), expiresAt: undefined };
    }
    const credential = await verifyCredential(readBearer(authorization));
    return { identity: toIdentity(credential, address, geo), expiresAt: credential.expiresAt };
  };
}

/**
 * Says who asks and in which market: the address counts, then the account's country.
 * A header that is no good credential is an error and never makes its sender anonymous.
 */
export function createIdentityReader(options: {
  verifyCredential: VerifyCredential;
  geo: Geo;
}): ReadIdentity {
  const readVisitor = createVisitorReader(options);
  return async (source) => (await readVisitor(source)).identity;
}

/** For a graph that takes no credentials: everybody is nobody there, and who sends one is told. */
export function createAnonymousReader({ geo }: { geo: Geo }): ReadIdentity {
  return async ({ authorization, address }) => {
    // Ignored, it would make its sender anonymous without a word.
    if (authorization !== undefined)
      throw unauthenticated('This graph takes no credentials: leave the header "authorization" out.');
    return toIdentity(anonymous, address, geo);
  };
}

type Caller = { actor: Identity['actor'] } & Pick<Credential, 'country' | 'explicit'>;

function toIdentity({ actor, country, explicit }: Caller, address: string | undefined, geo: Geo): Identity {
  const clientAddress = plainAddress(address ?? '');
  const located = clientAddress && geo.countryOf(clientAddress);
  const market = located ?? country;
  return {
    actor,
    market: market || null,
    marketSource: located ? 'ADDRESS' : market ? 'ACCOUNT' : null,
    explicit,
    clientAddress,
  };
}

const anonymous: Caller = {
  actor: { kind: 'anonymous' },
  country: null,
  explicit: true,
};

function readBearer(header: string): string {
  const token = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(header)?.[1];
  if (!token) throw unauthenticated('The header "authorization" must be "Bearer" and an access token.');
  return token;
}
