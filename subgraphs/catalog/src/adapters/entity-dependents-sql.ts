import { dependentKinds, type EntityKey, type EntityKind } from '../domain/entity-feed.ts';

/** One page of the dependents of an entity, one kind after the other, by one statement. */
export function dependentsSql(of: EntityKey, after: EntityKey | null, limit: number) {
  const parameters: unknown[] = [of.id, limit];
  const kinds: readonly EntityKind[] = dependentKinds[of.kind];
  const reached = after ? kinds.indexOf(after.kind) : -1;
  const parts = kinds.flatMap((kind, place) => {
    if (place < reached) return [];
    const { from, owner, id } = linksOf(of.kind, kind);
    const bound = after && place === reached ? `AND ${id} > $${parameters.push(after.id)}::uuid` : '';
    return `(SELECT ${place} AS place, '${kind}' AS kind, ${id} AS id FROM catalog.${from}
      WHERE ${owner} = $1::uuid AND ${id} IS NOT NULL ${bound} ORDER BY ${id} LIMIT $2)`;
  });
  const sql = `SELECT kind, id FROM (${parts.join(' UNION ALL ')}) AS found ORDER BY place, id LIMIT $2`;
  return { sql, parameters };
}

/** Where it stands what depends on what. */
function linksOf(owner: EntityKind, dependent: EntityKind) {
  const columns = { owner: `${owner}_id`, id: `${dependent}_id` };
  if (owner === 'album') return { ...columns, from: 'tracks', id: 'id' };
  if (owner === 'track' && dependent === 'album') return { ...columns, from: 'tracks', owner: 'id' };
  return { ...columns, from: owner === 'artist' ? `${dependent}_artists` : 'track_artists' };
}
