import type { Neighbour } from './models.ts';

export type MixKind = 'DISCOVER_WEEKLY' | 'DAILY_MIX';

/** A track of a mix. Ids are UUIDs. */
export interface MixTrack {
  readonly trackId: string;
  /** Why it is there: by the model, because it sounds alike, because the account plays the artist or the track, or because many do. */
  readonly reason: Neighbour['reason'] | 'SAME_ARTIST' | 'PLAYED_BEFORE' | 'FITS_TASTE' | 'POPULAR';
  /** What it comes from; null when from all. */
  readonly because: { readonly kind: 'TRACK' | 'ARTIST'; readonly id: string } | null;
}

/** Tracks that were put together for one account. It never changes: a new one takes its place. */
export interface Mix {
  readonly id: string;
  readonly userId: string;
  readonly kind: MixKind;
  /** From 1. */
  readonly slot: number;
  readonly title: string;
  readonly description: string;
  readonly madeAt: Date;
  readonly fixedUntil: Date;
  /** What a daily mix is made around. */
  readonly artistIds: readonly string[];
  /** In the order of playing, more than are shown: some may not be playable where the account is. */
  readonly tracks: readonly MixTrack[];
  /** Null when no model took part. */
  readonly model: { readonly version: string; readonly method: string; readonly trainedAt: Date } | null;
  /** Up to when plays were taken into account. */
  readonly asOf: Date;
}

/** How long a mix can be asked for after it was fixed, in milliseconds: 28 days. */
export const mixKeptMs = 28 * 86_400_000;

/** Whether a mix can still be asked for: it may be there for a while after that. */
export const isKept = ({ fixedUntil }: Pick<Mix, 'fixedUntil'>, now: Date): boolean =>
  fixedUntil.getTime() + mixKeptMs > now.getTime();

/**
 * Keeps mixes until `mixKeptMs` after they were fixed.
 * @throws UserDataUnavailableError from each
 */
export interface MixRepository {
  /** Idempotent by id: of two with one id the first stays; one that is no longer kept is left out. When it fails, some of them may be in. */
  save(mixes: readonly Mix[]): Promise<void>;
  findByIds(ids: readonly string[]): Promise<ReadonlyMap<string, Mix>>;
  /** `fixedMixes` of an account. */
  findOfUser(userId: string, at: Date): Promise<readonly Mix[]>;
  /** Forgets those that are no longer kept. @returns how many went, as far as that is known */
  prune(at: Date): Promise<number>;
}

/** Those that are fixed at a time, of each kind and slot what was made last: Discover Weekly first, then the daily ones by slot. */
export function fixedMixes(mixes: readonly Mix[], at: Date): readonly Mix[] {
  const last = new Map<string, Mix>();
  for (const mix of mixes) {
    if (mix.madeAt > at || mix.fixedUntil <= at) continue;
    const known = last.get(`${mix.kind} ${mix.slot}`);
    if (!known || isLater(mix, known)) last.set(`${mix.kind} ${mix.slot}`, mix);
  }
  return [...last.values()].sort(
    (one, other) => places[one.kind] - places[other.kind] || one.slot - other.slot,
  );
}

// By id where times are equal, so that everybody gets the same.
const isLater = (one: Mix, other: Mix) =>
  one.madeAt > other.madeAt || (one.madeAt.getTime() === other.madeAt.getTime() && one.id > other.id);

const places: Record<MixKind, number> = { DISCOVER_WEEKLY: 0, DAILY_MIX: 1 };
