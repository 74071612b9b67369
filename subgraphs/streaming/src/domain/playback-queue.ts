import type { PlaybackContext } from './playback-context.ts';
import type { PlaybackDevice } from './playback-device.ts';
import type { Problem } from './problem.ts';

const maxQueueItems = 500;

/** What an account plays next, on all its devices. */
export interface PlaybackQueue extends QueueContent {
  /** From 1, raised by each change; 0 of a queue that was never set. */
  readonly revision: number;
  /** Null when never. */
  readonly updatedAt: Date | null;
  /** Which device changed it last. */
  readonly updatedBy: PlaybackDevice | null;
}

/** What a device can make of a queue. */
export interface QueueContent {
  /** `track_…`, in the order of playing; one may come more than once. */
  readonly trackIds: readonly string[];
  /** From 0; null while the queue is empty. */
  readonly currentIndex: number | null;
  /** In that track, in milliseconds. */
  readonly positionMs: number;
  readonly context: PlaybackContext | null;
}

export const emptyQueue: PlaybackQueue = {
  revision: 0,
  trackIds: [],
  currentIndex: null,
  positionMs: 0,
  context: null,
  updatedAt: null,
  updatedBy: null,
};

/** What is wrong with what a device wants of a queue; none when it is good. */
export function problemsOfQueue({ trackIds, currentIndex }: QueueContent): Problem[] {
  if (trackIds.length > maxQueueItems) {
    const message = `A queue has at most ${maxQueueItems} tracks, got ${trackIds.length}.`;
    return [{ field: ['trackIds'], code: 'LIMIT_REACHED', message }];
  }
  if (currentIndex === null || trackIds[currentIndex] !== undefined) return [];
  const expected = trackIds.length === 0 ? 'nothing for an empty queue' : `0 to ${trackIds.length - 1}`;
  return [
    { field: ['currentIndex'], code: 'INVALID', message: `Expected ${expected}, got ${currentIndex}.` },
  ];
}
