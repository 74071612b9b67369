import { mayPlay } from './catalog-facts.ts';
import type { Shelf, ShelfItem } from './shelf.ts';
import type { ShelfWork } from './shelves.ts';
import type { RecentPlay } from './taste-profile.ts';

/** Something that was played from. */
export interface PlayedFrom {
  readonly kind: 'ALBUM' | 'ARTIST' | 'PLAYLIST' | 'MIX';
  /** A UUID. */
  readonly id: string;
}

/** What a player told; null when it is none of these, or no good id. */
export type ReadContext = (context: RecentPlay['context']) => PlayedFrom | null;

/**
 * What the account listened to lately, the last first: albums, playlists, artists. Nobody checked what players tell, so it is there for
 * its tracks: one that was heard, and may be played. Mixes have a shelf of their own.
 */
export async function jumpBackIn(work: ShelfWork): Promise<Shelf[]> {
  const { facts, audience, profile, readContext } = work;
  const heard = (profile?.recent ?? []).flatMap(({ trackId, signal, context }) => {
    const from = signal > 0 ? readContext(context) : null;
    return from && from.kind !== 'MIX' ? [{ trackId, from }] : [];
  });
  const idsOf = (kind: PlayedFrom['kind']) => [
    ...new Set(heard.flatMap(({ from }) => (from.kind === kind ? [from.id] : []))),
  ];
  const [tracks, albums, artists] = await Promise.all([
    facts.findTracks([...new Set(heard.map(({ trackId }) => trackId))]),
    facts.findAlbums(idsOf('ALBUM')),
    facts.findArtists(idsOf('ARTIST')),
  ]);
  const isThere = ({ kind, id }: PlayedFrom) =>
    kind === 'ALBUM' ? albums.has(id) : kind === 'ARTIST' ? artists.has(id) : true;

  const items = new Map<string, ShelfItem>();
  for (const { trackId, from } of heard) {
    const track = tracks.get(trackId);
    if (!track || !mayPlay(track, audience) || !isThere(from)) continue;
    // What is told to be an album's is that album's; playlists and artists are not told apart so easily.
    if (from.kind === 'ALBUM' && track.albumId !== from.id) continue;
    if (from.kind === 'ARTIST' && !track.artistIds.includes(from.id)) continue;
    const { kind, id } = from as { kind: 'ALBUM' | 'ARTIST' | 'PLAYLIST'; id: string };
    const grounds = { reason: 'PLAYED_BEFORE', because: null, source: 'LIVE', modelled: false } as const;
    if (!items.has(`${kind} ${id}`)) items.set(`${kind} ${id}`, { thing: { kind, id }, ...grounds });
  }
  return [{ kind: 'JUMP_BACK_IN', because: null, items: [...items.values()] }];
}
