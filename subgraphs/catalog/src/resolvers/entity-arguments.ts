import { badUserInput } from '@medley/errors';
import { idKindOf } from '@medley/ids';
import { idArgument } from '@medley/subgraph';
import { dependentKinds, type EntityKey, type EntityKind } from '../domain/entity-feed.ts';
import type { CatalogEntityKind } from '../generated/graphql.ts';

export const entityKinds: Readonly<Record<CatalogEntityKind, EntityKind>> = {
  ARTIST: 'artist',
  ALBUM: 'album',
  TRACK: 'track',
};

/**
 * What the key of a change names. Null for a genre, which is no entity: who follows the changes need not tell it apart.
 * @throws MedleyError BAD_USER_INPUT for everything else
 */
export function entityArgument(name: string, id: string): EntityKey | null {
  const kind = idKindOf(id);
  if (kind === 'genre') return null;
  return entityKeyArgument(name, id, Object.values(entityKinds));
}

/** @throws MedleyError BAD_USER_INPUT when it is none of the kinds that depend on the other */
export const dependentArgument = (name: string, id: string, of: EntityKey): EntityKey =>
  entityKeyArgument(name, id, dependentKinds[of.kind]);

function entityKeyArgument(name: string, id: string, kinds: readonly EntityKind[]): EntityKey {
  const kind = kinds.find((allowed) => allowed === idKindOf(id));
  if (!kind)
    throw badUserInput(
      `${name}: expected an id of kind ${kinds.join(' or ')}, got ${JSON.stringify(id.slice(0, 60))}`,
    );
  return { kind, id: idArgument(name, id, kind) };
}
