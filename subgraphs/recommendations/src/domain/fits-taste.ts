import { mayPlay, type TrackFacts } from './catalog-facts.ts';
import type { Because } from './provenance.ts';
import { type Shelf, type ShelfItem, shelfSize } from './shelf.ts';
import type { ShelfWork } from './shelves.ts';
import type { Liking, TasteProfile } from './taste-profile.ts';

/** How many likings, of either sign, are asked after: those with the greatest weights. */
const mostLiked = 60;
const mostLooked = 400;
/** An artist has no more places than this. */
const mostOfArtist = 3;

/**
 * What fits all that the account listens to: the neighbours of what it likes, weighted by how much it likes that, less those of what it
 * skips (item-kNN over the profile of the moment: Deshpande and Karypis 2004, "Item-based top-N recommendation algorithms"). While there
 * is no model: what is popular in the genres that it likes. What was played is left out.
 */
export async function fitsTaste(work: ShelfWork): Promise<Shelf[]> {
  const { profile } = work;
  if (!profile?.tracks.some(({ weight }) => weight > 0)) return [];
  const byModel = await byNeighbours(work, profile);
  const items = byModel.length > 0 ? byModel : await byGenre(work, profile);
  return [{ kind: 'FITS_TASTE', because: null, items }];
}

async function byNeighbours(work: ShelfWork, profile: TasteProfile): Promise<ShelfItem[]> {
  const { models, model, facts, audience } = work;
  if (!model) return [];
  const likings = profile.tracks.slice(0, mostLiked);
  const neighbours = await models.neighbours(
    model,
    'TRACK',
    likings.map(({ id }) => id),
  );
  const heard = heardIn(profile);
  const found = new Map<string, { score: number; most: number; because: Because }>();
  for (const { id: likedId, weight } of likings) {
    for (const { id, score } of neighbours.get(likedId) ?? []) {
      if (heard.has(id)) continue;
      // Twice as often is not liked twice as much.
      const part = score * Math.sign(weight) * Math.log1p(Math.abs(weight));
      const known = found.get(id);
      const isBest = !known || known.most < part;
      found.set(id, {
        score: (known?.score ?? 0) + part,
        most: isBest ? part : known.most,
        because: isBest ? { kind: 'TRACK', id: likedId } : known.because,
      });
    }
  }
  const ranked = [...found]
    .filter(([, { score }]) => score > 0)
    .sort(([, one], [, other]) => other.score - one.score);
  const top = ranked.slice(0, mostLooked);
  const tracks = await facts.findTracks(top.map(([id]) => id));
  const playable = top.flatMap(([id, { because }]) => {
    const track = tracks.get(id);
    return track && mayPlay(track, audience) ? [{ track, because }] : [];
  });
  return spread(playable).map(
    ({ track, because }): ShelfItem => ({
      thing: { kind: 'TRACK', id: track.id },
      ...{ reason: 'FITS_TASTE', because, source: 'LIVE', modelled: true },
    }),
  );
}

async function byGenre({ facts, audience }: ShelfWork, profile: TasteProfile): Promise<ShelfItem[]> {
  const liked = new Map(weighted(profile.genres).map(({ id, weight }) => [id, weight]));
  if (liked.size === 0) return [];
  const genreIds = [...liked.keys()].slice(0, 10);
  const popular = await facts.popular({ audience, genreIds, limit: mostLooked });
  const artists = new Map(profile.artists.map(({ id, weight }) => [id, weight]));
  const heard = heardIn(profile);
  const scoreOf = ({ genreIds: of, artistIds, popularity }: TrackFacts) =>
    of.reduce((sum, id) => sum + (liked.get(id) ?? 0), 0) / Math.max(1, of.length) +
    artistIds.reduce((sum, id) => sum + (artists.get(id) ?? 0), 0) +
    popularity / 1_000;
  const ranked = popular
    .filter(({ id }) => !heard.has(id))
    .map((track) => ({ track, score: scoreOf(track) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score);
  return spread(ranked).map(
    ({ track }): ShelfItem => ({
      thing: { kind: 'TRACK', id: track.id },
      ...{ reason: 'FITS_TASTE', because: null, source: 'LIVE', modelled: false },
    }),
  );
}

const weighted = (likings: readonly Liking[]) => likings.filter(({ weight }) => weight > 0);

const heardIn = ({ tracks, recent }: TasteProfile): ReadonlySet<string> =>
  new Set([...tracks.map(({ id }) => id), ...recent.map(({ trackId }) => trackId)]);

/** No artist takes the whole shelf. */
function spread<Found extends { readonly track: TrackFacts }>(found: readonly Found[]): Found[] {
  const counts = new Map<string, number>();
  const spaced = found.filter(({ track }) => {
    const artistId = track.artistIds[0] ?? track.id;
    const count = (counts.get(artistId) ?? 0) + 1;
    counts.set(artistId, count);
    return count <= mostOfArtist;
  });
  // Other shelves take some of them.
  return spaced.slice(0, 3 * shelfSize);
}
