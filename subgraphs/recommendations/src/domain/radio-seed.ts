import type { CatalogFacts } from './catalog-facts.ts';
import type { MixRepository } from './mixes.ts';
import type { RadioSeed } from './radio-candidates.ts';

/** What a radio is asked for by. */
export type SeedId = Pick<RadioSeed, 'kind' | 'id'>;

/** A radio is made around this many tracks of an artist or a mix. */
const mostTracks = 20;

/**
 * What a radio can be made around.
 * @param viewerId whose mixes it may be; null for none
 * @returns null when there is no such thing for this viewer, or it was taken down
 */
export async function findRadioSeed(
  {
    facts,
    mixes,
  }: {
    readonly facts: Pick<CatalogFacts, 'findTracks' | 'findArtists' | 'tracksOfArtists'>;
    readonly mixes: Pick<MixRepository, 'findByIds'>;
  },
  { kind, id }: SeedId,
  viewerId: string | null,
): Promise<RadioSeed | null> {
  switch (kind) {
    case 'TRACK': {
      const track = (await facts.findTracks([id])).get(id);
      if (!track || track.withdrawn) return null;
      return { kind, id, tracks: [track], artistIds: track.artistIds, genreIds: track.genreIds };
    }
    case 'ARTIST': {
      const [artists, tracks] = await Promise.all([
        facts.findArtists([id]),
        facts.tracksOfArtists([id], mostTracks),
      ]);
      const artist = artists.get(id);
      if (!artist) return null;
      return { kind, id, tracks: tracks.get(id) ?? [], artistIds: [id], genreIds: artist.genreIds };
    }
    case 'MIX': {
      const mix = viewerId === null ? undefined : (await mixes.findByIds([id])).get(id);
      if (!mix || mix.userId !== viewerId) return null;
      const found = await facts.findTracks(mix.tracks.slice(0, mostTracks).map(({ trackId }) => trackId));
      const tracks = [...found.values()].filter(({ withdrawn }) => !withdrawn);
      return {
        ...{ kind, id, tracks },
        artistIds: [...new Set(tracks.flatMap(({ artistIds }) => artistIds))].slice(0, mostTracks),
        genreIds: [...new Set(tracks.flatMap(({ genreIds }) => genreIds))],
      };
    }
  }
}
