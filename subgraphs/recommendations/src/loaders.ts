import type { RequestInfo } from '@medley/subgraph';
import DataLoader from 'dataloader';
import type { AlbumFacts, ArtistFacts, TrackFacts } from './domain/catalog-facts.ts';
import type { Mix } from './domain/mixes.ts';
import { isKept } from './domain/mixes.ts';
import { beginningOf, type ListeningRange } from './domain/most-played.ts';
import type { AskedSimilar, SimilarPage } from './domain/similar-tracks.ts';
import type { Ports, UseCases } from './use-cases.ts';

/** A page of what is like a thing, as one field asks for it. */
export interface SimilarKey extends AskedSimilar {
  readonly includeUnavailable: boolean;
}

/** The loaders of one request: what its resolvers ask for one by one is asked of the stores in sets. Keys are UUIDs. */
export function createLoaders(
  { facts, mixes }: Pick<Ports, 'facts' | 'mixes'>,
  { similarTracks, similarArtists, countsByTrack }: UseCases,
  { request, viewerId, now }: { request: RequestInfo; viewerId: string | null; now: () => Date },
) {
  const similar = (find: UseCases['similarTracks']) =>
    new DataLoader<SimilarKey, SimilarPage, string>((keys) => loadSimilar(find, request, keys), {
      cacheKeyFn: (key) => JSON.stringify([key.id, key.skip, key.limit, key.includeUnavailable]),
    });
  const found = <Row>(find: (ids: readonly string[]) => Promise<ReadonlyMap<string, Row>>) =>
    new DataLoader<string, Row | null>(async (ids) => {
      const rows = await find(ids);
      return ids.map((id) => rows.get(id) ?? null);
    });
  // Of all ranges that one request asks for, each is counted once.
  const counts = new DataLoader<ListeningRange, ReadonlyMap<string, number>>((ranges) =>
    Promise.all(
      ranges.map((range) =>
        viewerId === null
          ? new Map<string, number>()
          : countsByTrack({ userId: viewerId, from: beginningOf(range, now()) }),
      ),
    ),
  );
  return {
    similarTracks: similar(similarTracks),
    similarArtists: similar(similarArtists),
    track: found<TrackFacts>((ids) => facts.findTracks(ids)),
    artist: found<ArtistFacts>((ids) => facts.findArtists(ids)),
    album: found<AlbumFacts>((ids) => facts.findAlbums(ids)),
    /** The viewer's own; nobody sees another's, nor one that is no longer kept. */
    ownMix: new DataLoader<string, Mix | null>(async (ids) => {
      if (viewerId === null) return ids.map(() => null);
      const rows = await mixes.findByIds(ids);
      return ids.map((id) => {
        const mix = rows.get(id);
        return mix?.userId === viewerId && isKept(mix, now()) ? mix : null;
      });
    }),
    playsByTrack: counts,
  };
}
export type Loaders = ReturnType<typeof createLoaders>;

async function loadSimilar(
  find: UseCases['similarTracks'],
  { market, explicit }: RequestInfo,
  keys: readonly SimilarKey[],
): Promise<SimilarPage[]> {
  const pages = new Map<SimilarKey, SimilarPage>();
  for (const includeUnavailable of [false, true]) {
    const asked = keys.filter((key) => key.includeUnavailable === includeUnavailable);
    if (asked.length === 0) continue;
    const found = await find({ market, explicit, includeUnavailable }, asked);
    for (const [index, key] of asked.entries()) pages.set(key, found[index] as SimilarPage);
  }
  return keys.map((key) => pages.get(key) as SimilarPage);
}
