import { onTestFinished, vi } from 'vitest';
import { createIndexing } from '../../src/consumers/indexing.ts';
import type { IndexingObserver } from '../../src/domain/indexing.ts';
import { MemoryIndex } from '../memory-index.ts';
import { MemoryCatalog, MemoryPlaylists } from '../memory-sources.ts';

/** A clock that stands until it is moved. */
export function createTestClock(start = Date.UTC(2026, 10, 23)) {
  let now = start;
  return {
    now: () => now,
    pass(ms: number) {
      now += ms;
    },
  };
}

/**
 * A small catalog and a playlist, an index, and what keeps it, with rounds of 2 ms; stopped when the test ends.
 * Daft Punk has two tracks, Air has one.
 */
export function openIndexing({
  rebuildEveryMs = null,
  batchSize,
  clock = createTestClock(),
  index = new MemoryIndex(undefined, { clock: clock.now }),
}: {
  rebuildEveryMs?: number | null;
  batchSize?: number;
  clock?: ReturnType<typeof createTestClock>;
  index?: MemoryIndex;
} = {}) {
  const catalog = new MemoryCatalog({ clock: clock.now });
  const playlists = new MemoryPlaylists({ clock: clock.now });
  const daftPunk = catalog.putArtist(1, 'Daft Punk');
  const air = catalog.putArtist(2, 'Air');
  const aerodynamic = catalog.putTrack(1, 'Aerodynamic', daftPunk);
  const veridis = catalog.putTrack(2, 'Veridis Quo', daftPunk);
  const sexyBoy = catalog.putTrack(3, 'Sexy Boy', air);
  const french = playlists.put(1, 'French Touch');

  const heard: string[] = [];
  const errors: unknown[] = [];
  const observer: IndexingObserver = {
    sourceAsked: () => {},
    documentsWritten: () => {},
    followingFailed: (source, error) => {
      heard.push(`following ${source} failed`);
      errors.push(error);
    },
    indexCounted: () => {},
    rebuildStarted: (reason) => heard.push(`rebuild: ${reason}`),
    rebuildSwapped: ({ documents }) => heard.push(`swapped ${documents}`),
    rebuildInterrupted: () => heard.push('interrupted'),
    rebuildFailed: (error) => {
      heard.push('rebuild failed');
      errors.push(error);
    },
  };
  const sources = [catalog, playlists];
  const indexing = createIndexing({
    writer: index,
    sources,
    observer,
    clock: clock.now,
    followEveryMs: 2,
    rebuildEveryMs,
    batchSize,
  });
  onTestFinished(() => indexing.stop());
  return {
    ...{ clock, catalog, playlists, sources, index, indexing, heard, errors },
    ...{ daftPunk, air, aerodynamic, veridis, sexyBoy, french },
  };
}

/** The same, after the first index was built. */
export async function openFollowing(options: Parameters<typeof openIndexing>[0] = {}) {
  const opened = openIndexing(options);
  await opened.indexing.rebuild();
  opened.indexing.start();
  return opened;
}

export const allTitles = ['Aerodynamic', 'Air', 'Daft Punk', 'French Touch', 'Sexy Boy', 'Veridis Quo'];

/** Waits until it holds: rounds are short, but a busy machine takes its time. */
export const eventually = (check: () => void | Promise<void>) =>
  vi.waitFor(check, { timeout: 30_000, interval: 5 });
