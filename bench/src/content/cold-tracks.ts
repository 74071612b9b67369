import { createTrackContent, type TrackContent } from '@medley/recommendations/content/track-content';
import { createRandom, type Random } from '../random.ts';
import { inventListening, type SampleLibrary } from './sample-library.ts';

/** One way to tell what goes with a track that nobody played. */
interface Way {
  readonly name: string;
  /** For the listener of these tracks, the most fitting of the new ones first. */
  readonly rankNew: (played: readonly number[]) => readonly number[];
  /** What goes with a new track, of those that are known. */
  readonly goWith: (track: number) => readonly number[];
}

/** What came of one way, as means over all that were asked. */
export interface ColdResult {
  readonly name: string;
  /** Of the new tracks that a listener plays, the share among the ten that are named: recall@10, of ten at most. */
  readonly newForListener: number;
  /** Of the ten that a new track's list names, the share that its listener plays too. */
  readonly listOfNew: number;
}

const top = 10;
const hiddenShare = 0.2;
const listeners = 200;
const playsOfEach = 80;

/** Hides every play of a fifth of the tracks, then asks for them. */
export function measureColdTracks(library: SampleLibrary, seed: number): readonly ColdResult[] {
  const random = createRandom(seed);
  const listening = inventListening(library, listeners, playsOfEach, seed);
  const heard = [...new Set(listening.flat())];
  const isNew = new Set(heard.filter(() => random.next() < hiddenShare));
  const sides = listening.map((plays) => {
    const all = [...new Set(plays)];
    return {
      known: all.filter((track) => !isNew.has(track)),
      hidden: all.filter((track) => isNew.has(track)),
    };
  });
  const plays = new Map<number, number>();
  for (const { known } of sides) for (const track of known) plays.set(track, (plays.get(track) ?? 0) + 1);
  const popular = [...plays.keys()].sort((one, other) => (plays.get(other) ?? 0) - (plays.get(one) ?? 0));
  const news = [...isNew];
  const only = new Set([...news, ...popular]);
  const { tracks, artistIds, genres } = library;
  const content = (keep: 'genres' | 'sound' | 'both') =>
    createTrackContent(
      tracks.map((track, number) => ({
        ...track,
        popularity: isNew.has(number) ? 0 : track.popularity,
        // What nobody hears is not asked for: it would only take places.
        genreIds: only.has(number) && keep !== 'sound' ? track.genreIds : [],
        features: only.has(number) && keep !== 'genres' ? track.features : null,
      })),
      artistIds,
      genres,
    );
  const ways: readonly Way[] = [
    byChance(random, news, popular),
    byPopularity(random, news, popular),
    byGenre('same genre', library, random, news, (known) => shuffled(random, known), popular),
    byGenre('same genre, by popularity', library, random, news, (known) => known, popular),
    byContent('content: genres alone', content('genres'), isNew),
    byContent('content: sound and moods alone', content('sound'), isNew),
    byContent('content: all', content('both'), isNew),
  ];
  // As the lists of content are: each way gets the same.
  const ofManyArtists = (list: readonly number[]) => {
    const named = new Map<string, number>();
    return list.filter((track) => {
      const artist = tracks[track]?.artistIds[0] ?? '';
      named.set(artist, (named.get(artist) ?? 0) + 1);
      return (named.get(artist) ?? 0) <= 2;
    });
  };
  return ways.map(({ name, rankNew, goWith }) => {
    let [recalls, asked, hits, lists] = [0, 0, 0, 0];
    for (const { known, hidden } of sides) {
      if (hidden.length === 0 || known.length === 0) continue;
      const wanted = new Set(hidden);
      const found = rankNew(known)
        .slice(0, top)
        .filter((track) => wanted.has(track)).length;
      recalls += found / Math.min(top, hidden.length);
      asked += 1;
      const played = new Set(known);
      const list = ofManyArtists(goWith(hidden[0] as number)).slice(0, top);
      hits += list.filter((track) => played.has(track)).length / top;
      lists += 1;
    }
    return { name, newForListener: recalls / asked, listOfNew: hits / lists };
  });
}

const byChance = (random: Random, news: readonly number[], known: readonly number[]): Way => ({
  name: 'by chance',
  rankNew: () => shuffled(random, news),
  goWith: () => shuffled(random, known),
});

/** What plays alone tell of a track without plays: nothing; so a list is what is popular. */
const byPopularity = (random: Random, news: readonly number[], popular: readonly number[]): Way => ({
  name: 'plays alone (popularity)',
  rankNew: () => shuffled(random, news),
  goWith: () => popular,
});

function byGenre(
  name: string,
  { tracks }: SampleLibrary,
  random: Random,
  news: readonly number[],
  order: (known: readonly number[]) => readonly number[],
  popular: readonly number[],
): Way {
  const genreOf = (track: number) => tracks[track]?.genreIds[0];
  return {
    name,
    rankNew(played) {
      const counts = new Map<string | undefined, number>();
      for (const track of played) counts.set(genreOf(track), (counts.get(genreOf(track)) ?? 0) + 1);
      const score = (track: number) => counts.get(genreOf(track)) ?? 0;
      return shuffled(random, news).sort((one, other) => score(other) - score(one));
    },
    goWith: (track) => order(popular).filter((other) => genreOf(other) === genreOf(track)),
  };
}

function byContent(name: string, content: TrackContent, isNew: ReadonlySet<number>): Way {
  const lists = new Map<number, ReturnType<TrackContent['alikeTracks']>>();
  const listOf = (track: number) => {
    const list = lists.get(track) ?? content.alikeTracks(track, 50);
    lists.set(track, list);
    return list;
  };
  return {
    name,
    // By the lists of the new tracks: whose list names what the listener plays.
    rankNew(played) {
      const known = new Set(played);
      const scores = new Map<number, number>();
      for (const track of isNew)
        for (const { item, score } of listOf(track))
          if (known.has(item)) scores.set(track, (scores.get(track) ?? 0) + score);
      return [...scores.keys()].sort((one, other) => (scores.get(other) ?? 0) - (scores.get(one) ?? 0));
    },
    goWith: (track) => listOf(track).flatMap(({ item }) => (isNew.has(item) ? [] : [item])),
  };
}

function shuffled(random: Random, tracks: readonly number[]): number[] {
  const left = [...tracks];
  for (let last = left.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    [left[last], left[other]] = [left[other] as number, left[last] as number];
  }
  return left;
}
