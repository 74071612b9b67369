import type { PGlite } from '@electric-sql/pglite';
import type { TryHold } from './hold.ts';

/** Holds within this process, which a PGlite belongs to; they are never lost. */
export function createEmbeddedHolds(pglite: PGlite): TryHold {
  const names = namesHeld.get(pglite) ?? new Set();
  namesHeld.set(pglite, names);
  return async (name) => {
    if (names.has(name)) return null;
    names.add(name);
    let isHeld = true;
    return {
      lost: new AbortController().signal,
      async release() {
        if (isHeld) names.delete(name);
        isHeld = false;
      },
    };
  };
}

// Several subgraphs open the same PGlite.
const namesHeld = new WeakMap<PGlite, Set<string>>();
