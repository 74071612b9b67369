import { addressKey } from '@medley/addresses';
import { MedleyError } from '@medley/errors';
import type { Identity } from '@medley/identity';

/** How many streams may be open at the same time. */
export interface StreamLimits {
  /** Of one account, whichever apps it uses. */
  readonly perViewer: number;
  /** Of one third-party app, for all accounts that use it. */
  readonly perApp: number;
  /** Of all who are not signed in at one address. */
  readonly perAddress: number;
}

export const defaultStreamLimits: StreamLimits = { perViewer: 20, perApp: 1_000, perAddress: 50 };

/** Somebody whose streams are counted. */
export interface StreamHolder {
  readonly key: string;
  readonly kind: 'account' | 'app' | 'address';
  readonly limit: number;
}

/** Who is counted when this identity opens a stream: an app that acts for an account, with both. */
export function holdersOf({ actor, clientAddress }: Identity, limits: StreamLimits): readonly StreamHolder[] {
  const account = (id: string): StreamHolder => ({
    key: `viewer:${id}`,
    kind: 'account',
    limit: limits.perViewer,
  });
  switch (actor.kind) {
    case 'viewer':
      return [account(actor.id)];
    case 'app': {
      const app: StreamHolder = { key: `app:${actor.id}`, kind: 'app', limit: limits.perApp };
      return actor.viewerId === undefined ? [app] : [account(actor.viewerId), app];
    }
    case 'anonymous': {
      const key = `address:${addressKey(clientAddress)}`;
      return [{ key, kind: 'address', limit: limits.perAddress }];
    }
    // Our own; no credential of a client makes one.
    case 'service':
      return [];
  }
}

export const tooManyStreams = ({ kind, limit }: StreamHolder) =>
  new MedleyError(
    'RATE_LIMITED',
    `There are ${limit} streams open already, the most for one ${kind}. End one of them first.`,
    { limit },
  );
