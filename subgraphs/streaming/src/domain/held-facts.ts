import type { AgeClock } from './age-clock.ts';

/** A row of somebody else, as far as a decision needs it. */
export interface VersionedFact {
  readonly id: string;
  /** Raised at each change. */
  readonly version: number;
}

/** A fact, or that there is none, and until when it is known to be true. */
export interface Current<Fact> {
  /** Null when there is none. */
  readonly fact: Fact | null;
  /** It was true then, by the clock for ages. */
  readonly asOf: number;
}

/** A reading at the primary that is under way. To be ended in any case. */
export interface Reading<Fact> {
  readonly beganAt: number;
  /** Whether the fact changed since it began: whoever asks now needs another reading. */
  isOutdatedFor(id: string): boolean;
  /** What came, as it is now known. Kept when nothing in it changed since the reading began. */
  land(id: string, fact: Fact | null): Current<Fact>;
  end(): void;
}

/**
 * Facts that are kept for as long as somebody follows their changes. It holds by four rules: what changed is forgotten, and
 * also what was just being read then; a newer version is never replaced by an older one; a fact also goes when one of those
 * changes that it speaks of; and nothing is found once the last successful asking for changes began `holdMs` ago.
 * That there is no such row is never kept, as nobody is told when it comes.
 */
export interface HeldFacts<Fact> {
  /** Null when it is not kept, or may have changed. */
  find(id: string): Current<Fact> | null;
  beginReading(): Reading<Fact>;
  /** These changed. */
  forget(ids: readonly string[]): void;
  /** Anything may have changed. */
  forgetAll(): void;
  /** All that changed until then was told. */
  confirm(asOf: number): void;
  /** How long ago the last successful asking began, in milliseconds; Infinity before the first. */
  age(): number;
  isFollowed(): boolean;
  size(): number;
}

/** A kept fact holds while the last successful asking began at most so long ago, in milliseconds. */
const holdMs = 750;

export interface HeldFactsOptions<Fact> {
  /** How many are kept; what was used least recently makes room. */
  readonly capacity: number;
  /** Of whom else it speaks: ids. */
  readonly speaksOf?: (fact: Fact) => readonly string[];
  /** When a fact changes by itself, without anybody telling: milliseconds since 1970; Infinity: never. */
  readonly holdsUntil?: (fact: Fact) => number;
  /** How long one is kept at most, in milliseconds. */
  readonly longestMs?: number;
  readonly now: AgeClock;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

interface Entry<Fact> {
  readonly fact: Fact;
  readonly readAt: number;
  /** Milliseconds since 1970. */
  readonly holdsUntil: number;
}

export function createHeldFacts<Fact extends VersionedFact>({
  capacity,
  speaksOf = () => [],
  holdsUntil = () => Number.POSITIVE_INFINITY,
  longestMs = 600_000,
  now,
  clock = Date.now,
}: HeldFactsOptions<Fact>): HeldFacts<Fact> {
  // The one used least recently is the first.
  const entries = new Map<string, Entry<Fact>>();
  const speakers = new Map<string, Set<string>>();
  const changes = createRecentChanges();
  let confirmedAt = Number.NEGATIVE_INFINITY;

  function remove(id: string): void {
    const entry = entries.get(id);
    if (!entry) return;
    entries.delete(id);
    for (const other of speaksOf(entry.fact)) {
      const ids = speakers.get(other);
      ids?.delete(id);
      if (ids?.size === 0) speakers.delete(other);
    }
  }

  function keep(id: string, entry: Entry<Fact>): void {
    remove(id);
    entries.set(id, entry);
    for (const other of speaksOf(entry.fact)) {
      const ids = speakers.get(other);
      if (ids) ids.add(id);
      else speakers.set(other, new Set([id]));
    }
    if (entries.size > capacity) remove(entries.keys().next().value as string);
  }

  const age = () => now() - confirmedAt;
  const isFollowed = () => age() <= holdMs;

  return {
    find(id) {
      const entry = entries.get(id);
      if (!entry || !isFollowed()) return null;
      if (now() - entry.readAt > longestMs || clock() >= entry.holdsUntil) {
        remove(id);
        return null;
      }
      entries.delete(id);
      entries.set(id, entry);
      return { fact: entry.fact, asOf: Math.max(confirmedAt, entry.readAt) };
    },

    beginReading() {
      const beganAt = now();
      const seen = changes.watch();
      return {
        beganAt,
        isOutdatedFor: (id) => seen.changed(id),
        land(id, fact) {
          const entry = entries.get(id);
          if (fact && entry && entry.fact.version > fact.version) return { fact: entry.fact, asOf: beganAt };
          const landed = { fact, asOf: beganAt };
          if (seen.changed(id) || (entry && entry.readAt > beganAt)) return landed;
          if (!fact) remove(id);
          else if (!speaksOf(fact).some((other) => seen.changed(other)))
            keep(id, { fact, readAt: beganAt, holdsUntil: holdsUntil(fact) });
          return landed;
        },
        end: seen.end,
      };
    },

    forget(ids) {
      changes.add(ids);
      for (const id of ids) {
        remove(id);
        for (const speaker of [...(speakers.get(id) ?? [])]) remove(speaker);
      }
    },

    forgetAll() {
      changes.addAll();
      entries.clear();
      speakers.clear();
    },

    confirm(asOf) {
      confirmedAt = Math.max(confirmedAt, asOf);
    },

    age,
    isFollowed,
    size: () => entries.size,
  };
}

/** What changed while somebody was watching; it is remembered for as long as somebody is who began before. */
function createRecentChanges() {
  const changedAt = new Map<string, number>();
  const watchers = new Set<{ readonly from: number }>();
  let turn = 0;
  let allChangedAt = 0;
  return {
    add(ids: readonly string[]): void {
      turn += 1;
      if (watchers.size === 0) return;
      for (const id of ids) {
        // To the end: the first is the one that changed longest ago.
        changedAt.delete(id);
        changedAt.set(id, turn);
      }
    },
    addAll(): void {
      turn += 1;
      allChangedAt = turn;
    },
    watch() {
      const watcher = { from: turn };
      watchers.add(watcher);
      return {
        changed: (id: string) => Math.max(allChangedAt, changedAt.get(id) ?? 0) > watcher.from,
        end(): void {
          watchers.delete(watcher);
          const [oldest] = watchers;
          for (const [id, at] of changedAt) {
            if (oldest && at > oldest.from) break;
            changedAt.delete(id);
          }
        },
      };
    },
  };
}
