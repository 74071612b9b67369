import { blendScores } from '../domain/blend-scores.ts';
import type { CatalogFacts, TrackFacts } from '../domain/catalog-facts.ts';
import { bestOfEach, type MixCandidate } from '../domain/mix-candidates.ts';
import type { MixTrack } from '../domain/mixes.ts';
import type { ModelReader, ServingModel } from '../domain/models.ts';
import type { Listening } from './listening.ts';

export interface CandidatePorts {
  readonly facts: Pick<CatalogFacts, 'findTracks' | 'tracksOfArtists' | 'popular'>;
  readonly models: Pick<ModelReader, 'neighbours' | 'factors'>;
}

/** What an account plays most, from which others are found. */
const seedTracks = 200;
const seedArtists = 30;
/** Artists like these, and tracks of each. */
const newArtists = 60;
const tracksOfNewArtist = 4;
const tracksOfOwnArtist = 10;
const mostCandidates = 1_500;
/** With fewer, what is popular in its genres comes along. */
const enough = 150;

/**
 * What could be in the mixes of an account, the best first: the neighbours of what it plays (item-kNN), tracks of artists like its own,
 * by closeness to its factors; where a model has little or there is none, what is popular in its genres.
 * @param model null while there is none
 */
export async function findCandidates(
  listening: Listening,
  model: ServingModel | null,
  ports: CandidatePorts,
): Promise<MixCandidate[]> {
  const { facts, models } = ports;
  const candidates: MixCandidate[] = [];
  if (model) {
    const together = [
      ...(await besidePlayed(listening, model, ports)),
      ...(await byArtistsAlike(listening, model, ports)),
    ];
    const best = bestOfEach(together).slice(0, mostCandidates);
    const seeds = new Map(
      listening.played.slice(0, seedTracks).map(({ track, weight }) => [track.id, weight]),
    );
    const ids = [...seeds.keys(), ...best.map(({ track }) => track.id)];
    candidates.push(...blendScores(best, seeds, await models.factors(model, ids)));
  }
  candidates.push(...(await byOwnArtists(listening, ports, lowest(candidates))));
  if (candidates.length < enough) candidates.push(...(await byGenre(listening, facts, lowest(candidates))));
  return bestOfEach(candidates);
}

/** What comes later stands behind. */
const lowest = (candidates: readonly MixCandidate[]): number =>
  candidates.reduce((least, { score }) => Math.min(least, score), 0);

async function besidePlayed(
  { played, listener }: Listening,
  model: ServingModel,
  { facts, models }: CandidatePorts,
): Promise<MixCandidate[]> {
  const seeds = played.slice(0, seedTracks);
  const neighbours = await models.neighbours(
    model,
    'TRACK',
    seeds.map(({ track }) => track.id),
  );
  const found = new Map<string, Grounds>();
  for (const { track, weight } of seeds)
    for (const { id, score, reason } of neighbours.get(track.id) ?? [])
      if (!listener.heard.has(id))
        add(found, id, weight * score, { reason, because: { kind: 'TRACK', id: track.id } });
  return toCandidates(found, facts);
}

async function byArtistsAlike(
  { artists, listener }: Listening,
  model: ServingModel,
  { facts, models }: CandidatePorts,
): Promise<MixCandidate[]> {
  const seeds = artists.slice(0, seedArtists);
  const neighbours = await models.neighbours(
    model,
    'ARTIST',
    seeds.map(({ id }) => id),
  );
  const found = new Map<string, Grounds>();
  for (const { id: artistId, weight } of seeds)
    for (const { id, score, reason } of neighbours.get(artistId) ?? [])
      if (!listener.heardArtists.has(id))
        add(found, id, Math.log1p(weight) * score, { reason, because: { kind: 'ARTIST', id: artistId } });
  const best = [...found].sort(([, one], [, other]) => other.score - one.score).slice(0, newArtists);
  const tracks = await facts.tracksOfArtists(
    best.map(([id]) => id),
    tracksOfNewArtist,
  );
  return best.flatMap(([id, { score, reason, because }]) =>
    (tracks.get(id) ?? []).map((track, index) => ({ track, score: score / (1 + index), reason, because })),
  );
}

/** Tracks of the artists whom it plays, that it never played: for daily mixes, mostly. */
async function byOwnArtists(
  { artists, listener }: Listening,
  { facts }: CandidatePorts,
  below: number,
): Promise<MixCandidate[]> {
  const seeds = artists.slice(0, 2 * seedArtists);
  const tracks = await facts.tracksOfArtists(
    seeds.map(({ id }) => id),
    tracksOfOwnArtist,
  );
  return seeds.flatMap(({ id, weight }) =>
    (tracks.get(id) ?? [])
      .filter((track) => !listener.heard.has(track.id))
      .map((track, index) => ({
        track,
        score: below - 1 + Math.log1p(weight) / (100 * (1 + index)),
        ...({ reason: 'SAME_ARTIST', because: { kind: 'ARTIST', id } } as const),
      })),
  );
}

async function byGenre(
  { played, listener }: Listening,
  facts: Pick<CatalogFacts, 'popular'>,
  below: number,
): Promise<MixCandidate[]> {
  const market = listener.homeMarkets[0] ?? null;
  if (market === null) return [];
  const audience = { market, explicit: listener.playsExplicit };
  const genreIds = genresOf(played).slice(0, 10);
  const toCandidate =
    (score: number, reason: MixTrack['reason']) =>
    (track: TrackFacts, index: number): MixCandidate => ({
      ...{ track, reason, because: null, score: score - index / 1_000 },
    });
  const ofGenres = genreIds.length > 0 ? await facts.popular({ audience, genreIds, limit: 500 }) : [];
  const unheard = (track: TrackFacts) => !listener.heard.has(track.id);
  const fitting = ofGenres.filter(unheard).map(toCandidate(below - 3, 'FITS_TASTE'));
  if (fitting.length >= enough) return fitting;
  const popular = await facts.popular({ audience, limit: 500 });
  return [...fitting, ...popular.filter(unheard).map(toCandidate(below - 5, 'POPULAR'))];
}

function genresOf(played: Listening['played']): string[] {
  const weights = new Map<string, number>();
  for (const { track, weight } of played)
    for (const [index, id] of track.genreIds.entries())
      weights.set(id, (weights.get(id) ?? 0) + weight / (1 + index));
  return [...weights]
    .sort(([one, ones], [other, others]) => others - ones || (one < other ? -1 : 1))
    .map(([id]) => id);
}

/** What is found, and what most of it comes from. */
interface Grounds extends Pick<MixTrack, 'reason' | 'because'> {
  readonly score: number;
  readonly most: number;
}

function add(
  found: Map<string, Grounds>,
  id: string,
  part: number,
  why: Pick<MixTrack, 'reason' | 'because'>,
): void {
  const known = found.get(id);
  const isMost = !known || part > known.most;
  found.set(id, {
    score: (known?.score ?? 0) + part,
    most: isMost ? part : known.most,
    reason: isMost ? why.reason : known.reason,
    because: isMost ? why.because : known.because,
  });
}

async function toCandidates(
  found: ReadonlyMap<string, Grounds>,
  facts: Pick<CatalogFacts, 'findTracks'>,
): Promise<MixCandidate[]> {
  const best = [...found].sort(([one, a], [other, b]) => b.score - a.score || (one < other ? -1 : 1));
  const top = best.slice(0, mostCandidates);
  const tracks = await facts.findTracks(top.map(([id]) => id));
  return top.flatMap(([id, { score, reason, because }]) => {
    const track = tracks.get(id);
    return track ? [{ track, score, reason, because }] : [];
  });
}
