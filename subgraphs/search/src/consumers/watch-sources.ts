import type { IndexingMonitor, IndexingStatus } from '../domain/indexing.ts';
import type { SearchIndex } from '../domain/search-index.ts';
import type { DocumentSource } from '../domain/source.ts';

export interface WatchOptions {
  readonly index: SearchIndex;
  readonly sources: readonly DocumentSource[];
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** How long one answer is good for, in milliseconds: however many ask, the sources are asked once. */
  readonly keepMs: number;
}

/** Tells how far an index follows that another process keeps: by asking the sources what is not in it. */
export function watchSources({ index, sources, clock, keepMs }: WatchOptions): IndexingMonitor {
  const lastAskedAt = new Map<string, Date>();
  let kept: { until: number; status: Promise<IndexingStatus> } | null = null;

  async function findLagMs(source: DocumentSource, position: string | undefined): Promise<number | null> {
    if (position === undefined) return null;
    try {
      const [oldest] = await source.changesSince(position, 1);
      lastAskedAt.set(source.name, new Date(clock()));
      return oldest ? Math.max(0, clock() - oldest.time.getTime()) : 0;
    } catch {
      return null;
    }
  }

  async function look(): Promise<IndexingStatus> {
    const positions = await index.readState().then(
      (state) => state.positions,
      () => ({}) as Readonly<Record<string, string>>,
    );
    return {
      rebuild: null,
      sources: await Promise.all(
        sources.map(async (source) => ({
          name: source.name,
          lagMs: await findLagMs(source, positions[source.name]),
          lastAskedAt: lastAskedAt.get(source.name) ?? null,
        })),
      ),
    };
  }

  return {
    status() {
      if (!kept || clock() >= kept.until) kept = { until: clock() + keepMs, status: look() };
      return kept.status;
    },
  };
}
