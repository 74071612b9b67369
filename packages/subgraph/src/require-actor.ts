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
