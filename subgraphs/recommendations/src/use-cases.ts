import { decodeId, idKindOf, newUuid } from '@medley/ids';
import type { CatalogFacts } from './domain/catalog-facts.ts';
import type { CaughtUp, PlayLag } from './domain/caught-up.ts';
import { inTime, type Note } from './domain/in-time.ts';
import type { PlayedFrom } from './domain/jump-back-in.ts';
import type { MixMaker } from './domain/mix-maker.ts';
import { isKept, type MixRepository } from './domain/mixes.ts';
import type { ModelReader } from './domain/models.ts';
import { creditArtists } from './domain/most-played.ts';
import type { PlayHistory } from './domain/play-history.ts';
import { createRadio } from './domain/radio.ts';
import type { RadioSessions } from './domain/radio-sessions.ts';
import { createMixReading } from './domain/read-mixes.ts';
import { createShelves } from './domain/shelves.ts';
import { createSimilarArtists } from './domain/similar-artists.ts';
import { createSimilarTracks } from './domain/similar-tracks.ts';
import type { LibraryEntries, LibraryEntry, RecentPlay, TasteProfiles } from './domain/taste-profile.ts';

export interface Ports {
  readonly history: Pick<PlayHistory, 'page' | 'countsByTrack'>;
  /** The freshest that there is. */
  readonly profiles: Pick<TasteProfiles, 'find'>;
  readonly library: Pick<LibraryEntries, 'find'>;
  readonly mixes: Pick<MixRepository, 'findByIds' | 'findOfUser'>;
  readonly mixMaker: MixMaker;
  readonly facts: CatalogFacts;
  readonly models: ModelReader;
  readonly radioSessions: RadioSessions;
  readonly caughtUp: CaughtUp;
  readonly lag: PlayLag;
  readonly now: () => Date;
  readonly note: Note;
  /** What a radio is known by, and chosen by: another one gives another radio. */
  readonly newRadioSession?: () => string;
}

/** What is asked of recommendations, each one function. */
export function createUseCases(ports: Ports) {
  const similarTracks = createSimilarTracks(ports);
  const readMixes = createMixReading(ports);
  return {
    similarTracks,
    similarArtists: createSimilarArtists(ports),
    radio: createRadio({ ...ports, sessions: ports.radioSessions, chanceOf }),
    newRadioSession: ports.newRadioSession ?? newUuid,
    shelves: createShelves({ ...ports, similarTracks, readMixes, readContext, readFollowed }),
    readMixes,
    async findMix(id: string) {
      const mix = (await inTime(patienceMs, ports.mixes.findByIds([id]))).get(id);
      return mix && isKept(mix, ports.now()) ? mix : null;
    },
    readContext,
    waitFor: (userId: string, token: string) => ports.caughtUp.wait(userId, token),
    lag: () => ports.lag.lag(),
    historyPage: (asked: Parameters<PlayHistory['page']>[0]) => inTime(patienceMs, ports.history.page(asked)),
    countsByTrack: (asked: Parameters<PlayHistory['countsByTrack']>[0]) =>
      inTime(countingMs, ports.history.countsByTrack(asked)),
    creditArtists: (counts: ReadonlyMap<string, number>) => creditArtists(counts, ports.facts),
  };
}
export type UseCases = ReturnType<typeof createUseCases>;

/** How long what cannot be done without may take, in milliseconds: less than the router waits for all of an answer, 5 s. */
const patienceMs = 3_000;
const countingMs = 4_000;

/** Always the same for a text, spread evenly over 0 to 1, both left out: FNV-1a, and the finalizer of MurmurHash3 to mix it. */
export function chanceOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (((hash ^ (hash >>> 16)) >>> 0) + 0.5) / 2 ** 32;
}

const contextKinds = { ALBUM: 'album', ARTIST: 'artist', PLAYLIST: 'playlist', MIX: 'mix' } as const;

/** Players tell what they like: nobody has checked the id. */
export function readContext(context: RecentPlay['context']): PlayedFrom | null {
  const kind =
    context &&
    (contextKinds as Partial<Record<string, (typeof contextKinds)['ALBUM' | 'ARTIST' | 'PLAYLIST' | 'MIX']>>)[
      context.kind
    ];
  if (!kind || !context.id) return null;
  try {
    return { kind: context.kind as PlayedFrom['kind'], id: decodeId(context.id, kind) };
  } catch {
    return null;
  }
}

function readFollowed({ itemId, inLibrary }: LibraryEntry): string | null {
  return inLibrary && idKindOf(itemId) === 'artist' ? decodeId(itemId, 'artist') : null;
}
