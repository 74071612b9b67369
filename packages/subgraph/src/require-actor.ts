import { forbidden, unauthenticated } from '@medley/errors';
import type { Actor } from '@medley/identity';
import type { RequestInfo } from './request-info.ts';

/**
 * The account that asks.
 * @throws MedleyError UNAUTHENTICATED when nobody is signed in
 */
export function requireSignedIn({ actor }: RequestInfo): Extract<Actor, { kind: 'viewer' }> {
  if (actor.kind !== 'viewer') throw unauthenticated('Sign in first: this needs an account.');
  return actor;
}

/**
 * For fields that only our own services may ask.
 * @throws MedleyError FORBIDDEN to everybody else
 */
export function requireService({ actor }: RequestInfo): void {
  if (actor.kind !== 'service') throw forbidden('This field is for services only.', ['service']);
}

/**
 * The router asks for scopes before a request comes here; this is for the case that it did not.
 * @throws MedleyError UNAUTHENTICATED when nobody is behind the request, FORBIDDEN when the scope is missing
 */
export function requireScope({ actor }: RequestInfo, scope: string): void {
  if (actor.kind === 'anonymous') throw unauthenticated('Sign in first: this needs an account.');
  const scopes = actor.kind === 'service' ? [] : actor.scopes;
  if (!scopes.includes(scope)) throw forbidden(`This needs the scope ${scope}.`, [scope]);
}
