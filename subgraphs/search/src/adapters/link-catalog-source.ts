import { idKindOf } from '@medley/ids';
import { createFindByIds } from '@medley/service-caller';
import { z } from 'zod';
import type { DocumentKind, SearchDocument } from '../domain/search-document.ts';
import type { DocumentSource } from '../domain/source.ts';
import { callerOf, type LinkSourceOptions, pageSize, pagesById } from './link-source.ts';

/** The artists, albums and tracks of the catalog subgraph. */
export function createLinkCatalogSource(options: LinkSourceOptions): DocumentSource {
  const caller = callerOf('catalog', options);
  const findEntities = createFindByIds(caller, { query: byIds, entry: entity });

  return {
    name: 'catalog',
    async readLastPosition() {
      const { position } = await caller.ask({ query: lastChange, data: z.object({ position: z.string() }) });
      return position;
    },
    async changesSince(position, limit) {
      const variables = { position, limit };
      const { changes } = await caller.ask({ query: changesAfter, variables, data: changesData });
      return changes.map(({ id, key, version, time, data }) => ({
        position: id,
        id: key,
        partOf: partOf(key, data),
        isNew: version === 1,
        time,
      }));
    },
    async findDocuments(ids) {
      const known = ids.filter((id) => kindOf(id) !== null);
      if (known.length === 0) return [];
      const entities = await findEntities(known);
      return entities.flatMap((found) => (found ? toDocument(found) : []));
    },
    async *dependentsOf(id) {
      const kind = kindOf(id);
      if (kind !== 'artist' && kind !== 'album') return;
      yield* pagesById(
        async (after) => {
          const variables = { of: id, after, first: pageSize };
          return (await caller.ask({ query: dependents, variables, data: z.object({ ids: idList }) })).ids;
        },
        (dependent) => dependent,
      );
    },
    async *allDocuments() {
      for (const kind of ['ARTIST', 'ALBUM', 'TRACK']) {
        const pages = pagesById(
          async (after) => {
            const variables = { kind, after, first: pageSize };
            return (await caller.ask({ query: entitiesAfter, variables, data: entitiesData })).entities;
          },
          ({ id }) => id,
        );
        for await (const page of pages) yield page.flatMap(toDocument);
      }
    },
  };
}

const lastChange = 'query SearchLastChange { position: catalogLastChange }';
const changesAfter = `query SearchChanges($position: ID!, $limit: Int!) {
  changes: catalogChangesSince(id: $position, first: $limit) { id key version time data }
}`;
const dependents = `query SearchDependents($of: ID!, $after: ID, $first: Int!) {
  ids: catalogDependents(of: $of, id: $after, first: $first)
}`;
const entityFields = `fragment Entity on CatalogEntity {
  id title artistNames albumTitle genreIds releaseYear popularity explicit availableMarkets
}`;
const byIds = `query SearchEntities($ids: [ID!]!) { entries: catalogEntities(ids: $ids) { ...Entity } }
${entityFields}`;
const entitiesAfter = `query SearchEntitiesAfter($kind: CatalogEntityKind!, $after: ID, $first: Int!) {
  entities: catalogEntitiesAfter(kind: $kind, id: $after, first: $first) { ...Entity }
}
${entityFields}`;

const idList = z.array(z.string());
const entity = z.object({
  id: z.string(),
  title: z.string(),
  artistNames: z.array(z.string()),
  albumTitle: z.string().nullable(),
  genreIds: idList,
  releaseYear: z.int().nullable(),
  popularity: z.number().min(0).max(100),
  explicit: z.boolean(),
  availableMarkets: z.string().transform((codes) => codes.split(' ').filter(Boolean)),
});
type Entity = z.output<typeof entity>;
const entitiesData = z.object({ entities: z.array(entity) });

const references = z.object({
  artists: z.array(z.object({ id: z.string() })).catch([]),
  album: z.object({ id: z.string() }).nullable().catch(null),
  left: z.array(z.string()).catch([]),
});
const changesData = z.object({
  changes: z.array(
    z.object({
      id: z.string(),
      key: z.string(),
      version: z.int(),
      time: z.iso.datetime().transform((text) => new Date(text)),
      data: z.string(),
    }),
  ),
});

/** The album and the artists of a track, those that it has left included. */
function partOf(key: string, data: string): string[] {
  if (kindOf(key) !== 'track') return [];
  const { artists, album, left } = references.parse(JSON.parse(data));
  return [...(album ? [album.id] : []), ...artists.map(({ id }) => id), ...left];
}

/** Null for what is not found, as genres are not. */
function kindOf(id: string): DocumentKind | null {
  const kind = idKindOf(id);
  return kind === 'artist' || kind === 'album' || kind === 'track' ? kind : null;
}

function toDocument({ releaseYear, availableMarkets, ...found }: Entity): SearchDocument[] {
  const kind = kindOf(found.id);
  if (kind === null) return [];
  return [
    {
      ...found,
      kind,
      description: null,
      decade: releaseYear === null ? null : releaseYear - (releaseYear % 10),
      markets: availableMarkets,
    },
  ];
}
