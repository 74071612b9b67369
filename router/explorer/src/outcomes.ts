import type { Exchange } from './fetcher.ts';
import type { LiveStream } from './live-stream.ts';

/** What came of an operation: an answer, or a stream of them. */
export type Outcome = Exchange | LiveStream;

export const isStream = (outcome: Outcome | undefined): outcome is LiveStream =>
  outcome !== undefined && 'stop' in outcome;

/** What came of the last operation of each tab, by the tab's id. */
export interface Outcomes {
  get(tabId: string | undefined): Outcome | undefined;
  /** The streams that run, with their tabs. */
  running(): ReadonlyMap<string, LiveStream>;
  /** In place of what came before; a stream that runs in the tab ends, and the oldest one when there are more than four. */
  put(tabId: string, outcome: Outcome): void;
  /** Forgets the others, and ends their streams. */
  keepOnly(tabIds: readonly string[]): void;
  /** Tells when there are others, or when a stream has changed. */
  onChange(listener: () => void): () => void;
  /** Raised by each change. */
  version(): number;
}

// Browsers open six connections to a server that speaks HTTP/1.1: one more, and no question would get through.
const mostStreams = 4;

export function createOutcomes(): Outcomes {
  const byTab = new Map<string, Outcome>();
  const listeners = new Set<() => void>();
  let version = 0;

  function changed(): void {
    version += 1;
    for (const listener of listeners) listener();
  }

  function remove(tabId: string): void {
    const outcome = byTab.get(tabId);
    byTab.delete(tabId);
    if (isStream(outcome)) outcome.stop();
  }

  function running(): ReadonlyMap<string, LiveStream> {
    const streams = [...byTab].filter((entry): entry is [string, LiveStream] => isStream(entry[1]));
    return new Map(streams.filter(([, stream]) => stream.state().phase !== 'ENDED'));
  }

  return {
    get: (tabId) => (tabId === undefined ? undefined : byTab.get(tabId)),
    running,
    put(tabId, outcome) {
      remove(tabId);
      byTab.set(tabId, outcome);
      if (isStream(outcome)) outcome.onChange(changed);
      const [oldest] = [...running().values()].slice(0, -mostStreams);
      oldest?.stop();
      changed();
    },
    keepOnly(tabIds) {
      const gone = [...byTab.keys()].filter((tabId) => !tabIds.includes(tabId));
      for (const tabId of gone) remove(tabId);
      if (gone.length > 0) changed();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    version: () => version,
  };
}
