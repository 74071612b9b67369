/** What is counted by sketches, counted without any: all of it in memory. */
export interface ExactNumbers {
  /** Of all plays by what became of them. */
  readonly plays: Record<'counted' | 'tooShort' | 'unverified' | 'doubtful', number>;
  readonly decisions: Map<string, number>;
  /** @param listener its number */
  addListener(market: string, day: string, listener: number): void;
  addStart(tier: string, clickToSoundMs: number): void;
  /** Of each market and day, and of all days: `DE 2026-11-20`, `* *`. */
  listeners(): ReadonlyMap<string, number>;
  /** The time that so large a share of the starts was no slower than, by the nearest rank. */
  percentile(tier: string, share: number): number;
  readonly tiers: readonly string[];
}

/** @param listenerCount they are numbered from 0 */
export function createExactNumbers(listenerCount: number): ExactNumbers {
  const heard = new Map<string, { readonly seen: Uint8Array; count: number }>();
  const starts = new Map<string, number[]>();
  const sorted = new Map<string, number[]>();
  function see(scope: string, listener: number) {
    let scoped = heard.get(scope);
    if (!scoped) {
      scoped = { seen: new Uint8Array(listenerCount), count: 0 };
      heard.set(scope, scoped);
    }
    if (scoped.seen[listener]) return;
    scoped.seen[listener] = 1;
    scoped.count += 1;
  }
  return {
    plays: { counted: 0, tooShort: 0, unverified: 0, doubtful: 0 },
    decisions: new Map(),
    addListener(market, day, listener) {
      for (const one of [market, '*']) for (const when of [day, '*']) see(`${one} ${when}`, listener);
    },
    addStart(tier, clickToSoundMs) {
      const known = starts.get(tier);
      if (known) known.push(clickToSoundMs);
      else starts.set(tier, [clickToSoundMs]);
    },
    listeners: () => new Map([...heard].map(([scope, { count }]) => [scope, count])),
    percentile(tier, share) {
      const times = sorted.get(tier) ?? (starts.get(tier) ?? []).toSorted((a, b) => a - b);
      sorted.set(tier, times);
      return times[Math.ceil(share * times.length) - 1] as number;
    },
    get tiers() {
      return [...starts.keys()].sort();
    },
  };
}
