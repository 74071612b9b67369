import { idKindOf } from '@medley/ids';
import { createFindByIds } from '@medley/service-caller';
import { z } from 'zod';
import { popularityOfFollowers } from '../domain/follower-popularity.ts';
import type { SearchDocument } from '../domain/search-document.ts';
import type { DocumentSource } from '../domain/source.ts';
import { callerOf, type LinkSourceOptions, pageSize, pagesById } from './link-source.ts';

/** The public playlists of the playlists subgraph. */
export function createLinkPlaylistSource(options: LinkSourceOptions): DocumentSource {
  const caller = callerOf('playlists', options);
  const findPlaylists = createFindByIds(caller, { query: byIds, entry: playlist });

  return {
    name: 'playlists',
    async readLastPosition() {
      const { position } = await caller.ask({ query: lastChange, data: z.object({ position: z.string() }) });
      return position;
    },
    async changesSince(position, limit) {
      const variables = { position, limit };
      const { changes } = await caller.ask({ query: changesAfter, variables, data: changesData });
      return changes.map(({ id, key, time }) => ({ position: id, id: key, partOf: [], isNew: false, time }));
    },
    async findDocuments(ids) {
      const known = ids.filter((id) => idKindOf(id) === 'playlist');
      if (known.length === 0) return [];
      const playlists = await findPlaylists(known);
      return playlists.flatMap((found) => (found ? [toDocument(found)] : []));
    },
    async *dependentsOf() {},
    async *allDocuments() {
      const pages = pagesById(
        async (after) => {
          const variables = { after, first: pageSize };
          return (await caller.ask({ query: playlistsAfter, variables, data: playlistsData })).playlists;
        },
        ({ id }) => id,
      );
      for await (const page of pages) yield page.map(toDocument);
    },
  };
}

const lastChange = 'query SearchLastChange { position: playlistLastChange }';
const changesAfter = `query SearchChanges($position: ID!, $limit: Int!) {
  changes: playlistChangesSince(id: $position, first: $limit) { id key time }
}`;
const byIds = `query SearchPlaylists($ids: [ID!]!) {
  entries: publicPlaylists(ids: $ids) { id name description followerCount }
}`;
const playlistsAfter = `query SearchPlaylistsAfter($after: ID, $first: Int!) {
  playlists: publicPlaylistsAfter(id: $after, first: $first) { id name description followerCount }
}`;

const playlist = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  followerCount: z.int().nonnegative(),
});
const playlistsData = z.object({ playlists: z.array(playlist) });
const changesData = z.object({
  changes: z.array(
    z.object({
      id: z.string(),
      key: z.string(),
      time: z.iso.datetime().transform((text) => new Date(text)),
    }),
  ),
});

function toDocument({ id, name, description, followerCount }: z.output<typeof playlist>): SearchDocument {
  return {
    id,
    kind: 'playlist',
    title: name,
    description,
    artistNames: [],
    albumTitle: null,
    genreIds: [],
    decade: null,
    explicit: false,
    markets: null,
    popularity: popularityOfFollowers(followerCount),
  };
}
