import type { Identity } from '@medley/identity';

/** Whether what somebody was told with one credential may be told him with another too: with fewer scopes or another filter it may not. */
export function allowsAsMuch(identity: Identity, before: Identity): boolean {
  const scopes = scopesOf(identity);
  return (
    identity.market === before.market &&
    identity.explicit === before.explicit &&
    scopesOf(before).every((scope) => scopes.includes(scope))
  );
}

const scopesOf = ({ actor }: Identity) => ('scopes' in actor ? actor.scopes : []);

/** Who it is, whatever the scopes, the session and the address: equal for equal accounts. */
export function accountOf({ actor }: Identity): string {
  switch (actor.kind) {
    case 'anonymous':
      return 'anonymous';
    case 'app':
      return JSON.stringify(['app', actor.id, actor.viewerId]);
    default:
      return JSON.stringify([actor.kind, actor.id]);
  }
}
