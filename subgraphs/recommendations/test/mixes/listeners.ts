import type { EventLog } from '@medley/event-log';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import type { TrackFacts } from '../../src/domain/catalog-facts.ts';
import { fixedMixes, type Mix } from '../../src/domain/mixes.ts';
import type { TasteProfile } from '../../src/domain/taste-profile.ts';
import { createMixMaker, type MixMakerOptions } from '../../src/mixes/mix-maker.ts';
import { createMemoryFacts } from '../reading/memory-facts.ts';
import { aModel, createMemoryModels, listKey } from '../reading/memory-models.ts';
import { uuidOf } from '../told-catalog.ts';

export const genres = ['jazz', 'techno', 'folk', 'metal', 'soul', 'dub', 'choral'];
const artistsOfGenre = 16;
const tracksOfArtist = 8;

// Each is asked for a hundred times.
const uuids = new Map<string, string>();
function known(kind: 'track' | 'artist', name: string): string {
  const key = `${kind} ${name}`;
  const uuid = uuids.get(key) ?? uuidOf(kind, name);
  uuids.set(key, uuid);
  return uuid;
}
export const trackOf = (genre: string, artist: number, track: number) =>
  known('track', `${genre} ${artist} ${track}`);
export const artistOf = (genre: string, artist: number) => known('artist', `${genre} ${artist}`);

/**
 * A catalog of seven genres with sixteen artists of eight tracks each, and a model by which the artists of a genre go together, and so do
 * their tracks: those of the next artists most.
 */
export function createListeners({ markets = ['DE', 'AT', 'CH'] }: { markets?: readonly string[] } = {}) {
  const facts = createMemoryFacts();
  const models = createMemoryModels();
  const plays = new Map<string, Map<string, number>>();
  const profiles = new Map<string, TasteProfile>();
  const saved = new Map<string, Mix>();
  const told: string[] = [];

  for (const genre of genres) {
    for (let artist = 0; artist < artistsOfGenre; artist++) {
      const id = artistOf(genre, artist);
      const genreIds = [uuidOf('genre', genre)];
      facts.artists.set(id, { id, name: `${genre} ${artist}`, popularity: 50, genreIds });
      for (let number = 0; number < tracksOfArtist; number++) {
        const track: TrackFacts = {
          id: trackOf(genre, artist, number),
          title: `${genre} ${artist} ${number}`,
          explicit: false,
          withdrawn: false,
          popularity: 90 - number * 5,
          albumId: null,
          artistIds: [id],
          genreIds,
          features: null,
          markets: new Set(markets),
        };
        facts.tracks.set(track.id, track);
      }
    }
  }

  /** From now on there is a model. */
  function train() {
    models.model = aModel;
    for (const genre of genres) {
      for (let artist = 0; artist < artistsOfGenre; artist++) {
        const others = Array.from({ length: artistsOfGenre - 1 }, (_, step) => step + 1).map((step) => ({
          ...{
            artist: (artist + step) % artistsOfGenre,
            score: 1 / step,
            reason: 'LISTENED_TOGETHER' as const,
          },
        }));
        const alike = others.map(({ artist: other, ...rest }) => ({ id: artistOf(genre, other), ...rest }));
        models.lists.set(listKey('ARTIST', artistOf(genre, artist)), alike);
        for (let number = 0; number < tracksOfArtist; number++) {
          const list = others
            .flatMap(({ artist: other, score, reason }) =>
              Array.from({ length: tracksOfArtist }, (_, each) => ({
                ...{ id: trackOf(genre, other, each), score: score / (1 + each), reason },
              })),
            )
            .sort((one, two) => two.score - one.score);
          models.lists.set(listKey('TRACK', trackOf(genre, artist, number)), list.slice(0, 100));
        }
      }
    }
  }

  const history: MixMakerOptions['history'] = {
    countsByTrack: async ({ userId }) => new Map(plays.get(userId)),
    heardTracks: async (userId) => new Set(plays.get(userId)?.keys()),
  };
  const mixes: MixMakerOptions['mixes'] = {
    findOfUser: async (userId, at) =>
      fixedMixes(
        [...saved.values()].filter((mix) => mix.userId === userId),
        at,
      ),
    async save(made) {
      for (const mix of made) if (!saved.has(mix.id)) saved.set(mix.id, mix);
    },
  };
  const log: Pick<EventLog, 'append'> = {
    async append(topic, records) {
      told.push(...records.map(({ key }) => `${topic} ${key}`));
      return [];
    },
  };

  return {
    ...{ facts, models, profiles, saved, told, plays, history, mixes, train },
    play(user: string, genre: string, artist: number, track: number, times = 1) {
      const userId = uuidOf('artist', user);
      const own = plays.get(userId) ?? new Map<string, number>();
      plays.set(userId, own);
      const id = trackOf(genre, artist, track);
      own.set(id, (own.get(id) ?? 0) + times);
    },
    userId: (user: string) => uuidOf('artist', user),
    maker: (options: Partial<MixMakerOptions> = {}) =>
      createMixMaker({
        ...{ history, mixes, facts, models, log, logger: silentLogger, metrics: createMetrics() },
        profiles: { find: async (ids) => new Map([...profiles].filter(([id]) => ids.includes(id))) },
        ...options,
      }),
    mixesOf: (user: string, at: Date) => mixes.findOfUser(uuidOf('artist', user), at),
  };
}
export type Listeners = ReturnType<typeof createListeners>;
