import type { Peer, PeerPositions } from '../domain/peer.ts';
import type { PlaylistRepository } from '../domain/playlist-repository.ts';

export interface FollowPeerOptions {
  readonly peer: Peer;
  readonly positions: PeerPositions;
  readonly playlists: Pick<PlaylistRepository, 'merge'>;
  /** How often a peer that has nothing new is asked. */
  readonly everyMs: number;
  /** Is told how many operations were merged. */
  readonly onMerged: (count: number) => void;
  /** Is told what went wrong, and when it will be tried again. */
  readonly onError: (error: unknown, retryMs: number) => void;
}

/** How many operations are asked for at once. */
export const pageSize = 100;

/** Merges what a peer has that is not here; again and again, and later and later while that fails. @returns stop */
export function followPeer(options: FollowPeerOptions): () => Promise<void> {
  const { everyMs, onError } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  async function run() {
    let failures = 0;
    while (!signal.aborted) {
      try {
        await catchUp(options, signal);
        failures = 0;
        await sleep(everyMs, signal);
      } catch (error) {
        failures += 1;
        const retryMs = Math.min(everyMs * 2 ** Math.min(failures, 16), longestRetryMs);
        onError(error, retryMs);
        await sleep(retryMs, signal);
      }
    }
  }
  const running = run();
  return async () => {
    stopping.abort();
    await running;
  };
}

/** Merges all that a peer has now. A position is written after what stands before it, so what is interrupted comes again. */
export async function catchUp(
  {
    peer,
    positions,
    playlists,
    onMerged,
  }: Pick<FollowPeerOptions, 'peer' | 'positions' | 'playlists' | 'onMerged'>,
  signal: AbortSignal,
): Promise<void> {
  let position = await positions.read(peer.url);
  while (!signal.aborted) {
    const page = await peer.operationsSince(position, pageSize);
    const last = page.at(-1);
    if (!last) return;
    await playlists.merge(page.map(({ operation }) => operation));
    position = last.position;
    await positions.write(peer.url, position);
    onMerged(page.length);
  }
}

const longestRetryMs = 30_000;

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}
