import type { AudioQuality } from './audio-quality.ts';
import type { Playback, PlaybackAnswer, PlaybackDenial, PlaybackGrant, RequestFacts } from './playback.ts';
import { type PlaybackContext, problemsOfContext } from './playback-context.ts';
import { type PlaybackDevice, problemsOfDevice } from './playback-device.ts';
import { type PlaybackQueue, problemsOfQueue, type QueueContent } from './playback-queue.ts';
import type { PlaybackSession } from './playback-session.ts';
import {
  type ClaimOutcome,
  type Heartbeat,
  type HeartbeatOutcome,
  type PlaybackSessions,
  SessionsUnavailableError,
} from './playback-sessions.ts';
import type { PlaybackStateChanges } from './playback-state-changes.ts';
import type { Problem } from './problem.ts';
import type { PlaybackState } from './watch-playback.ts';

/** How many tracks can be granted together with the one that begins. */
const maxNextTracks = 5;

/** A device wants to play. */
export interface StartRequest {
  readonly trackId: string;
  readonly quality: AudioQuality;
  readonly device: PlaybackDevice;
  readonly context: PlaybackContext | null;
  /** What comes next. */
  readonly nextTrackIds: readonly string[];
  /** In milliseconds. */
  readonly positionMs: number;
  /** Whether to take the stream from the device that holds it. */
  readonly takeOver: boolean;
}

export type StartAnswer =
  | { readonly outcome: 'INVALID'; readonly problems: readonly Problem[] }
  /** Nothing changed: not even a stream that was to be taken over. */
  | { readonly outcome: 'DENIED'; readonly denial: PlaybackDenial }
  /** Another device holds the stream. */
  | { readonly outcome: 'LIMIT_REACHED'; readonly holder: PlaybackSession }
  | {
      readonly outcome: 'STARTED';
      readonly grant: PlaybackGrant;
      /** Null when sessions cannot be kept just now: that stops nobody. */
      readonly session: PlaybackSession | null;
      /** For each of `nextTrackIds`. */
      readonly next: readonly PlaybackAnswer[];
    };

export type HeartbeatAnswer =
  | { readonly outcome: 'INVALID'; readonly problems: readonly Problem[] }
  | HeartbeatOutcome
  /** It cannot be told just now. */
  | { readonly outcome: 'UNKNOWN' };

/** A device says what is played next. */
export interface QueueRequest {
  readonly device: PlaybackDevice;
  readonly content: QueueContent;
  /** Null: whatever it is now. */
  readonly ifRevision: number | null;
}

export interface QueueAnswer {
  readonly problems: readonly Problem[];
  /** As it is now; null when it cannot be told, or nothing was tried. */
  readonly queue: PlaybackQueue | null;
}

export interface PlayerControlDependencies {
  readonly sessions: PlaybackSessions;
  readonly changes: PlaybackStateChanges;
  /** A new `session_…`. */
  readonly newSessionId: () => string;
}

/** What the players of one account can do. An account is `user_…`. */
export interface PlayerControl {
  /** @param accountId null when nobody is signed in: the denial says so */
  start(accountId: string | null, request: StartRequest): Promise<StartAnswer>;
  heartbeat(accountId: string, heartbeat: Heartbeat): Promise<HeartbeatAnswer>;
  /** Whether the session is over now; null when that cannot be told. */
  stop(accountId: string, sessionId: string): Promise<boolean | null>;
  replaceQueue(accountId: string, request: QueueRequest): Promise<QueueAnswer>;
  /** Null when it cannot be told just now. */
  readState(accountId: string): Promise<PlaybackState | null>;
}

/** The players of one request: what its listener may hear is decided by `playback`, over `facts`. */
export function createPlayerControl(
  { sessions, changes, newSessionId }: PlayerControlDependencies,
  playback: Pick<Playback, 'decideUrl'>,
  facts: Pick<RequestFacts, 'findTrack'>,
): PlayerControl {
  /** The licence first: who may not hear the track gets no stream, and takes none from another device. */
  async function start(accountId: string | null, request: StartRequest): Promise<StartAnswer> {
    const problems = problemsOfStart(request);
    if (problems.length > 0) return { outcome: 'INVALID', problems };
    const { trackId, quality, nextTrackIds } = request;
    const deciding = playback.decideUrl(trackId, quality);
    // Asked for now, so that the facts of all tracks are read together; what comes of it is seen when they are decided on.
    if (accountId) for (const id of nextTrackIds) facts.findTrack(id).catch(() => {});
    const answer = await deciding;
    if (answer.outcome !== 'GRANTED' || !accountId)
      return { outcome: 'DENIED', denial: answer as PlaybackDenial };

    const claimed = await orNull(claim(accountId, request));
    if (claimed?.outcome === 'REFUSED') return { outcome: 'LIMIT_REACHED', holder: claimed.holder };
    const next = await Promise.all(nextTrackIds.map((id) => playback.decideUrl(id, quality)));
    return { outcome: 'STARTED', grant: answer, session: claimed?.session ?? null, next };
  }

  async function claim(accountId: string, request: StartRequest): Promise<ClaimOutcome> {
    const { takeOver, trackId, positionMs, device, context } = request;
    const asked = { sessionId: newSessionId(), trackId, positionMs, device, context };
    const claimed = takeOver
      ? await sessions.takeOver(accountId, asked)
      : await sessions.start(accountId, asked);
    if (claimed.outcome === 'REFUSED') return claimed;
    if (claimed.outcome === 'STARTED' && claimed.replaced)
      changes.sessionChanged(accountId, 'TAKEN_OVER', claimed.replaced);
    const state = claimed.outcome === 'STARTED' ? 'STARTED' : 'CHANGED';
    changes.sessionChanged(accountId, state, claimed.session);
    return claimed;
  }

  return {
    start,

    async heartbeat(accountId, heartbeat) {
      const problems = problemsOfPosition(heartbeat.positionMs);
      if (problems.length > 0) return { outcome: 'INVALID', problems };
      const answer = await orNull(sessions.heartbeat(accountId, heartbeat));
      if (answer?.outcome === 'ACTIVE' && answer.changed)
        changes.sessionChanged(accountId, 'CHANGED', answer.session);
      return answer ?? { outcome: 'UNKNOWN' };
    },

    async stop(accountId, sessionId) {
      const stopped = await orNull(sessions.stop(accountId, sessionId).then((session) => ({ session })));
      if (stopped?.session) changes.sessionChanged(accountId, 'ENDED', stopped.session);
      return stopped ? true : null;
    },

    async replaceQueue(accountId, { device, content, ifRevision }) {
      const problems = [
        ...problemsOfDevice(['device'], device),
        ...problemsOfContext(['context'], content.context),
        ...problemsOfPosition(content.positionMs),
        ...problemsOfQueue(content),
      ];
      if (problems.length > 0) return { problems, queue: null };
      const answer = await orNull(sessions.replaceQueue(accountId, { device, content, ifRevision }));
      if (!answer) return { problems, queue: null };
      const { replaced, queue } = answer;
      if (replaced) changes.queueChanged(accountId, queue);
      return { problems: replaced ? [] : [queueConflict(queue)], queue };
    },

    readState: (accountId) =>
      orNull(
        Promise.all([sessions.find(accountId), sessions.readQueue(accountId)]).then(([session, queue]) => ({
          session,
          queue,
        })),
      ),
  };
}

/** What is played never depends on whether sessions can be kept. */
async function orNull<Answer>(answer: Promise<Answer>): Promise<Answer | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof SessionsUnavailableError) return null;
    throw error;
  }
}

function problemsOfStart({ device, context, nextTrackIds, positionMs }: StartRequest): Problem[] {
  const many = nextTrackIds.length;
  const message = `At most ${maxNextTracks} tracks, got ${many}.`;
  return [
    ...problemsOfDevice(['device'], device),
    ...problemsOfContext(['context'], context),
    ...problemsOfPosition(positionMs),
    ...(many > maxNextTracks ? [{ field: ['nextTrackIds'], code: 'LIMIT_REACHED', message } as const] : []),
  ];
}

const problemsOfPosition = (positionMs: number): Problem[] =>
  positionMs >= 0
    ? []
    : [{ field: ['positionMs'], code: 'INVALID', message: `Expected 0 or more, got ${positionMs}.` }];

const queueConflict = ({ revision }: PlaybackQueue): Problem => ({
  field: ['ifRevision'],
  code: 'CONFLICT',
  message: `The queue was changed in the meantime: it has the revision ${revision} now.`,
});
