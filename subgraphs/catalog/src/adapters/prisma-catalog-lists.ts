import type { SortOrder, SortValue } from '@medley/connection';
import type { Audience, ListName, ListQuery } from '../domain/lists.ts';

/** Makes a parameter of a value and returns its placeholder, such as `$3`. */
export type Bind = (value: SortValue | readonly string[]) => string;

/** A list as SQL. Its order is that of an index, which begins with the parent where there is one. */
export interface ListSql {
  /** The table, under the name `item`. */
  readonly from: string;
  /** The column with the parent's id. */
  readonly parent?: string;
  readonly order: SortOrder;
  /** Items for which this does not hold are not in the list. */
  readonly where?: (query: ListQuery, bind: Bind) => string | undefined;
  /** Discovery lists leave items out for which this does not hold; the item's id is `candidate.id`. */
  readonly playable?: (audience: Audience, bind: Bind) => string | undefined;
}

const column = (sql: string, type: string) => ({ sql, type });
const falling = (sql: string, type: string) => ({ sql, type, descending: true });

/** Each list in one direction and without nulls: its pages are ranges of an index (see @medley/connection). */
export const lists: Readonly<Record<ListName, ListSql>> = {
  artists: {
    from: 'catalog.artists AS item',
    order: [falling('item.popularity', 'smallint'), falling('item.id', 'uuid')],
  },
  newReleases: {
    from: 'catalog.albums AS item',
    order: [falling('item.release_date', 'date'), falling('item.id', 'uuid')],
    where: ({ today }, bind) => `item.release_date <= ${bind(today ?? 'today')}::date`,
    playable: albumIsPlayable,
  },
  genres: {
    from: 'catalog.genres AS item',
    order: [column('item.name', 'text'), column('item.id', 'uuid')],
  },
  markets: {
    from: 'catalog.markets AS item',
    order: [column('item.code', 'char(2)')],
    where: () => 'item.playable_tracks > 0',
  },
  artistAlbums: {
    from: 'catalog.album_artists AS item',
    parent: 'item.artist_id',
    order: [falling('item.release_date', 'date'), falling('item.album_id', 'uuid')],
    where: ({ types }, bind) =>
      types
        ? `EXISTS (SELECT FROM catalog.albums WHERE id = item.album_id AND type = ANY (${bind(types)}::catalog.album_type[]))`
        : undefined,
  },
  artistTopTracks: {
    from: 'catalog.track_artists AS item',
    parent: 'item.artist_id',
    order: [falling('item.popularity', 'smallint'), falling('item.track_id', 'uuid')],
    playable: trackIsPlayable,
  },
  albumTracks: {
    from: 'catalog.tracks AS item',
    parent: 'item.album_id',
    order: [
      // Unknown ones last; an album is small, so it is sorted as it is read.
      column('coalesce(item.disc_number, 32767)', 'smallint'),
      column('coalesce(item.track_number, 32767)', 'smallint'),
      column('item.id', 'uuid'),
    ],
  },
  genreArtists: {
    from: 'catalog.artist_genres AS item',
    parent: 'item.genre_id',
    order: [falling('item.popularity', 'smallint'), falling('item.artist_id', 'uuid')],
  },
  genreTracks: {
    from: 'catalog.genre_tracks AS item',
    parent: 'item.genre_id',
    order: [falling('item.popularity', 'smallint'), falling('item.track_id', 'uuid')],
    playable: trackIsPlayable,
  },
  leavingSoon: {
    from: 'catalog.licence_windows AS item',
    order: [column('item.valid_until', 'timestamptz'), column('item.track_id', 'uuid')],
    where: isLeaving,
    playable: trackIsPlayable,
  },
};

/** A window that holds now and ends within the days. No other goes on where it ends: they are one then. */
function isLeaving({ leaving }: ListQuery, bind: Bind): string {
  if (!leaving) throw new TypeError('leavingSoon is asked for a market');
  const { market, now, withinDays } = leaving;
  const from = bind(now.toISOString());
  const until = bind(new Date(now.getTime() + withinDays * 86_400_000).toISOString());
  return `item.market = ${bind(market)} AND item.valid_until > ${from}::timestamptz
    AND item.valid_until <= ${until}::timestamptz AND item.valid_from <= ${from}::timestamptz`;
}

function trackIsPlayable(audience: Audience, bind: Bind): string {
  return `EXISTS (SELECT FROM catalog.tracks AS t WHERE t.id = candidate.id AND ${isPlayable(audience, bind)})`;
}

function albumIsPlayable(audience: Audience, bind: Bind): string | undefined {
  // Whom nothing is forbidden is shown every album, also one whose tracks are not known yet.
  if (audience.market === null && audience.explicit) return undefined;
  return `EXISTS (SELECT FROM catalog.tracks AS t WHERE t.album_id = candidate.id AND ${isPlayable(audience, bind)})`;
}

function isPlayable({ market, explicit }: Audience, bind: Bind): string {
  const conditions = ['t.withdrawn_at IS NULL'];
  if (market !== null) conditions.push(`t.available_markets @> ARRAY[${bind(market)}::text]`);
  if (!explicit) conditions.push('NOT t.explicit');
  return conditions.join(' AND ');
}
