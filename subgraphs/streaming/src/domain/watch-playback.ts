import type { PlaybackQueue } from './playback-queue.ts';
import { leaseMs, type PlaybackSession } from './playback-session.ts';
import type { PlaybackSessions } from './playback-sessions.ts';

/** What an account plays, and what it plays next. */
export interface PlaybackState {
  readonly session: PlaybackSession | null;
  readonly queue: PlaybackQueue;
}

/** Which state it is: of two of one account the later one is nowhere smaller. */
export interface StatePosition {
  /** Of the last session that is known; 0 when none is. */
  readonly epoch: number;
  /** Of that session. */
  readonly revision: number;
  /** Whether that session holds the stream. */
  readonly playing: boolean;
  readonly queueRevision: number;
}

/** What an account plays, told to one who follows it. */
export interface PlaybackNews {
  /** LiveEventKind of the schema; `GAP` when the store has forgotten what it was. */
  readonly kind: 'STARTED' | 'CHANGED' | 'GAP';
  readonly state: PlaybackState;
  readonly position: StatePosition;
}

export interface WatchRequest {
  /** `user_…` */
  readonly accountId: string;
  /** What was told before; null to begin with how it is now. */
  readonly since: StatePosition | null;
  /** Ends it. */
  readonly signal: AbortSignal;
}

export interface WatchDependencies {
  readonly sessions: Pick<PlaybackSessions, 'find' | 'readQueue'>;
  /** Whoever follows an account is woken at once, then whenever it is notified of, and now and then; until the signal is aborted. */
  readonly notifier: {
    watch(accountId: string, signal: AbortSignal): AsyncIterable<void>;
    notify(accountIds: readonly string[]): void;
  };
  /**
   * Reads again and again while sessions cannot be told.
   * @returns undefined when the signal was aborted before it succeeded
   */
  readonly retryWhileAway: <Read>(
    read: () => Promise<Read>,
    signal: AbortSignal,
  ) => Promise<Read | undefined>;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** The store's clock may be a little behind: who looks too early looks again after this. */
const graceMs = 250;

/**
 * Follows what accounts play. Each look compares the state with the one told last: who does not ask for more misses those between,
 * and is never shown an older one.
 */
export function createPlaybackWatch({ sessions, notifier, retryWhileAway, clock }: WatchDependencies) {
  async function read(accountId: string): Promise<PlaybackState> {
    const [session, queue] = await Promise.all([sessions.find(accountId), sessions.readQueue(accountId)]);
    return { session, queue };
  }

  return async function* watchPlayback({
    accountId,
    since,
    signal,
  }: WatchRequest): AsyncGenerator<PlaybackNews, void, undefined> {
    let told = since;
    let alarm: NodeJS.Timeout | undefined;
    try {
      for await (const _ of notifier.watch(accountId, signal)) {
        const state = await retryWhileAway(() => read(accountId), signal);
        if (!state) continue;
        clearTimeout(alarm);
        // Nobody tells of a session that falls silent.
        if (state.session) alarm = setTimeout(() => notifier.notify([accountId]), alarmMs(state.session));
        const position = positionOf(state, told);
        const kind = kindOf(position, told);
        if (!kind) continue;
        told = position;
        yield { kind, state, position };
      }
    } finally {
      clearTimeout(alarm);
    }
  };

  function alarmMs({ expiresAt }: PlaybackSession): number {
    return Math.min(Math.max(expiresAt.getTime() - clock(), 0), leaseMs) + graceMs;
  }
}
export type WatchPlayback = ReturnType<typeof createPlaybackWatch>;

function positionOf({ session, queue }: PlaybackState, told: StatePosition | null): StatePosition {
  const { epoch, revision } = session ?? told ?? { epoch: 0, revision: 0 };
  return { epoch, revision, playing: session !== null, queueRevision: queue.revision };
}

/** @returns null when it is the one that was told */
function kindOf(position: StatePosition, told: StatePosition | null): PlaybackNews['kind'] | null {
  if (!told) return 'STARTED';
  const order = compareStreams(position, told);
  if (order < 0 || position.queueRevision < told.queueRevision) return 'GAP';
  return order > 0 || position.queueRevision > told.queueRevision ? 'CHANGED' : null;
}

/** A session that has ended is later than the same one while it played: none is revived. */
const compareStreams = (a: StatePosition, b: StatePosition): number =>
  a.epoch - b.epoch || a.revision - b.revision || Number(b.playing) - Number(a.playing);
