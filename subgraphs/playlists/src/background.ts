import { newUuid } from '@medley/ids';
import type { Logger, Metrics } from '@medley/service';
import { followPeer } from './consumers/follow-peer.ts';
import { type CompactionRepository, createCompaction } from './domain/compaction.ts';
import type { Peer, PeerPositions } from './domain/peer.ts';
import type { PlaylistRepository } from './domain/playlist-repository.ts';
import { createRespacing } from './domain/respace-playlist.ts';

/**
 * Forgets what is older than operations are remembered, at once and then each hour. Every process of a replica may do it.
 * @returns stop, which waits for the playlist under way
 */
export function startCompaction({
  playlists,
  compaction,
  replica,
  logger,
  metrics,
  clock = Date.now,
  everyMs = 3_600_000,
}: {
  playlists: PlaylistRepository;
  compaction: CompactionRepository;
  replica: string;
  logger: Logger;
  metrics: Metrics;
  /** Milliseconds since 1970. */
  clock?: () => number;
  everyMs?: number;
}): () => Promise<void> {
  const now = () => new Date(clock());
  const forgotten = metrics.counter('medley_playlists_forgotten_total', 'What compaction has forgotten', [
    'what',
  ]);
  const finishedAt = metrics.gauge(
    'medley_playlists_compaction_finished_seconds',
    'When compaction last came to its end, in seconds since 1970',
  );
  const compact = createCompaction({
    compaction,
    respace: createRespacing({ playlists, replica, clock: now, newId: newUuid }),
    clock: now,
    onProgress(counts) {
      for (const [what, count] of Object.entries(counts)) forgotten.inc({ what }, count);
    },
  });
  const stopping = new AbortController();
  let running = Promise.resolve();
  async function run() {
    try {
      const counts = await compact(stopping.signal);
      finishedAt.set(clock() / 1_000);
      if (counts.operations + counts.items > 0) logger.info(counts, 'forgot old operations of playlists');
    } catch (error) {
      logger.error({ err: error }, 'compaction of playlists failed: it goes on in the next round');
    }
  }
  const round = () => {
    running = running.then(run);
  };
  round();
  const timer = setInterval(round, everyMs);
  return async () => {
    clearInterval(timer);
    stopping.abort();
    await running;
  };
}

/**
 * Merges what other replicas have, each at its own pace.
 * @param everyMs how often a peer that has nothing new is asked
 * @returns stop, which waits for the operations under way
 */
export function startReplication({
  peers,
  positions,
  playlists,
  logger,
  metrics,
  everyMs = 1_000,
}: {
  peers: readonly Peer[];
  positions: PeerPositions;
  playlists: PlaylistRepository;
  logger: Logger;
  metrics: Metrics;
  everyMs?: number;
}): () => Promise<void> {
  const received = metrics.counter(
    'medley_playlists_peer_operations_total',
    'Operations that came from a peer',
    ['peer'],
  );
  const failures = metrics.counter(
    'medley_playlists_peer_failures_total',
    'Times a peer could not be followed',
    ['peer'],
  );
  const stops = peers.map((peer) => {
    const labels = { peer: peer.url };
    return followPeer({
      peer,
      positions,
      playlists,
      everyMs,
      onMerged: (count) => received.inc(labels, count),
      onError(error, retryMs) {
        failures.inc(labels);
        logger.warn({ err: error, ...labels, retryMs }, 'could not follow another replica');
      },
    });
  });
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
}
