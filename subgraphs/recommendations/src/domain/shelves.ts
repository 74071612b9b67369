import { becauseYouListened } from './because-you-listened.ts';
import { type Audience, type CatalogFacts, mayPlay, type TrackFacts } from './catalog-facts.ts';
import type { PlayLag } from './caught-up.ts';
import { fitsTaste } from './fits-taste.ts';
import { type Dispensable, type Note, orElse } from './in-time.ts';
import { jumpBackIn, type ReadContext } from './jump-back-in.ts';
import type { Mix } from './mixes.ts';
import type { ModelReader, ServingModel } from './models.ts';
import { newFromFollowed, type ReadFollowed } from './new-from-followed.ts';
import { popularShelf } from './popular-shelf.ts';
import { createSharedTurns } from './shared-turns.ts';
import type { Recommendations, Shelf, ShelfItem } from './shelf.ts';
import { shelfSize } from './shelf.ts';
import type { SimilarTracks } from './similar-tracks.ts';
import type { LibraryEntries, TasteProfile, TasteProfiles } from './taste-profile.ts';

export interface ShelvesPorts {
  readonly facts: CatalogFacts;
  readonly models: ModelReader;
  readonly profiles: Pick<TasteProfiles, 'find'>;
  readonly library: Pick<LibraryEntries, 'find'>;
  readonly lag: PlayLag;
  readonly similarTracks: SimilarTracks;
  /** The mixes of an account that are fixed at the moment. */
  readonly readMixes: (userId: string, options: { readonly waitMs: number }) => Promise<readonly Mix[]>;
  readonly readContext: ReadContext;
  readonly readFollowed: ReadFollowed;
  readonly now: () => Date;
  readonly note: Note;
}

/** What the shelves of one account are made from. */
export interface ShelfWork extends ShelvesPorts {
  readonly userId: string;
  readonly audience: Audience;
  /** Null while nothing is known of the account. */
  readonly profile: TasteProfile | null;
  readonly model: ServingModel | null;
}

/** Nothing can be told: all that shelves are made from is away. */
export class NoShelvesError extends Error {
  constructor() {
    super('no shelf could be made');
    this.name = 'NoShelvesError';
  }
}

/** How long a shelf may take, in milliseconds; the others are shown without it. */
const patienceMs = 1_000;

/** How long mixes that are being made are waited for, in milliseconds: those that are there are to be shown in time. */
const mixesWaitMs = 300;

/** Makes the shelves of accounts. What cannot be made just now is left out. */
export function createShelves(ports: ShelvesPorts) {
  const { facts, lag, note } = ports;
  const turns = createSharedTurns<Recommendations>();

  /** @throws NoShelvesError when not even what is popular can be told */
  return (userId: string, audience: Audience): Promise<Recommendations> =>
    turns.run(`${userId} ${audience.market} ${audience.explicit}`, () => makeShelves(userId, audience));

  async function makeShelves(userId: string, audience: Audience): Promise<Recommendations> {
    let failed = 0;
    const patiently = <Answer, Other>(what: Dispensable, other: Other, asked: () => Promise<Answer>) =>
      orElse(other, {
        ...{ asked, what, ms: patienceMs },
        note(without, error) {
          failed += 1;
          note(without, error);
        },
      });
    const [model, profiles] = await Promise.all([
      patiently('model', null, () => ports.models.serving()),
      patiently('profile', new Map<string, TasteProfile>(), () => ports.profiles.find([userId])),
    ]);
    const work: ShelfWork = { ...ports, userId, audience, profile: profiles.get(userId) ?? null, model };
    const make = (what: Dispensable, shelf: (work: ShelfWork) => Promise<readonly Shelf[]>) =>
      audience.market === null ? [] : patiently(what, [], () => shelf(work));
    const [jump, because, made, fresh, fits, popular] = await Promise.all([
      make('shelf_jump_back_in', jumpBackIn),
      make('shelf_because', becauseYouListened),
      make('shelf_made_for_you', madeForYou),
      make('shelf_new', newFromFollowed),
      make('shelf_fits_taste', fitsTaste),
      make('shelf_popular', popularShelf),
    ]);
    const standing = { model, ...lag.lag() };
    // What can stand on one shelf only has it before what has many others to choose from.
    const choosing = [fresh, because, fits, popular, jump, made].flat();
    const chosen = await eachOnce(choosing, audience);
    const shown = [jump, because.slice(0, 1), made, fresh, fits, because.slice(1), popular].flat();
    const shelves = shown.flatMap((shelf) => chosen.get(shelf) ?? []);
    if (shelves.length === 0 && failed > 0) throw new NoShelvesError();
    const empty = audience.market === null ? 'MARKET_UNKNOWN' : shelves.length === 0 ? 'NOTHING_ALIKE' : null;
    return { shelves, empty, standing };
  }

  /**
   * No track stands on two shelves, and none that may not be played, whatever a shelf was made from.
   * @param shelves those first that choose first
   * @returns what is left of each; nothing for those that are empty
   */
  async function eachOnce(shelves: readonly Shelf[], audience: Audience): Promise<ReadonlyMap<Shelf, Shelf>> {
    const trackIds = shelves.flatMap(({ items }) =>
      items.flatMap(({ thing }) => (thing.kind === 'TRACK' ? [thing.id] : [])),
    );
    const tracks: ReadonlyMap<string, TrackFacts> =
      trackIds.length > 0 ? await facts.findTracks([...new Set(trackIds)]) : new Map();
    const taken = new Set<string>();
    const mayStand = ({ thing }: ShelfItem) => {
      if (thing.kind !== 'TRACK') return true;
      const track = tracks.get(thing.id);
      if (!track || taken.has(thing.id) || !mayPlay(track, audience)) return false;
      taken.add(thing.id);
      return true;
    };
    const chosen = new Map<Shelf, Shelf>();
    for (const shelf of shelves) {
      const items: ShelfItem[] = [];
      for (const item of shelf.items) {
        if (items.length === shelfSize) break;
        if (mayStand(item)) items.push(item);
      }
      if (items.length > 0) chosen.set(shelf, { ...shelf, items });
    }
    return chosen;
  }
}
export type Shelves = ReturnType<typeof createShelves>;

async function madeForYou({ readMixes, userId }: ShelfWork): Promise<Shelf[]> {
  const mixes = await readMixes(userId, { waitMs: mixesWaitMs });
  const items = mixes.map(
    (mix): ShelfItem => ({
      thing: { kind: 'MIX', mix },
      ...{ reason: 'FITS_TASTE', because: null, source: 'BATCH', modelled: true },
    }),
  );
  return [{ kind: 'MADE_FOR_YOU', because: null, items }];
}
