import { clockOffset, judgeReport } from './judge-report.ts';
import type { NotCountedReason, PlayEvent } from './play-event.ts';
import { problemsOfDeviceId } from './playback-device.ts';
import type { PlaybackTokens } from './playback-ports.ts';
import type { Problem } from './problem.ts';
import type { RejectionCode } from './rejection.ts';
import type { HashedPlay, KeptPlays, PlayLog, RecentReports } from './report-ports.ts';
import type { ReportCircumstances, ReportedPlay } from './reported-play.ts';

/** A batch of plays as a client tells them. */
export interface PlayReport {
  /** Who reports, `user_…`. */
  readonly viewerId: string;
  readonly plays: readonly ReportedPlay[];
  /** What the client's clock showed when it was sent; null when it does not tell. */
  readonly sentAt: Date | null;
  readonly deviceId: string | null;
}

/** What became of one play. */
export type ReportResult = { readonly id: string } & (
  | {
      readonly status: 'STORED' | 'DEFERRED';
      readonly counted: boolean;
      readonly notCountedReason: NotCountedReason | null;
      /** Null when it is stored. */
      readonly message: string | null;
      readonly retryAfterMs: number | null;
    }
  | { readonly status: 'REJECTED'; readonly code: RejectionCode; readonly message: string }
  | { readonly status: 'RETRY_LATER'; readonly message: string; readonly retryAfterMs: number }
);

export interface PlayReportAnswer {
  /** One for each play, in their order; none when there are problems. */
  readonly results: readonly ReportResult[];
  /** Names the place of the last play that it put into the log; null when it put none there. */
  readonly position: string | null;
  /** What is wrong with the report as a whole. */
  readonly problems: readonly Problem[];
}

export interface PlayReportsDependencies {
  readonly tokens: Pick<PlaybackTokens, 'verify'>;
  readonly log: PlayLog;
  readonly recent: RecentReports;
  /** A short hash that nobody can find two texts for. */
  readonly hash: (text: string) => string;
  /** Told what became of each report's plays. */
  readonly observe: (results: readonly ReportResult[]) => void;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** 0 up to 1: spreads the clients that have to send again. */
  readonly random: () => number;
}

/** Takes reports of plays. */
export interface PlayReports {
  /** Each play stands for itself. A play that is told again has the result that it had, and is kept once or more often. */
  report(report: PlayReport): Promise<PlayReportAnswer>;
}

/** How many plays a report has at most. */
const largestReport = 100;

export function createPlayReports(dependencies: PlayReportsDependencies): PlayReports {
  const { tokens, log, recent, hash, observe, clock, random } = dependencies;

  function judge(play: ReportedPlay, circumstances: Omit<ReportCircumstances, 'grant'>) {
    const grant = play.playbackToken === null ? null : tokens.verify(play.playbackToken);
    const { accepted, rejected } = judgeReport(play, { ...circumstances, grant });
    if (rejected) return { id: play.id, rejected };
    return { id: play.id, play: accepted, contentHash: hash(contentOf(play, circumstances.viewerId)) };
  }

  return {
    async report({ viewerId, deviceId, sentAt, plays }) {
      const problems = problemsOf(plays.length, deviceId);
      if (problems.length > 0) return { results: [], position: null, problems };
      const receivedAt = new Date(clock());
      const clockOffsetMs = clockOffset(sentAt, receivedAt);
      const judged = plays.map((play) => judge(play, { viewerId, deviceId, receivedAt, clockOffsetMs }));

      const byId = new Map<string, HashedPlay>();
      for (const { play, contentHash } of judged) {
        if (play && !byId.has(play.id)) byId.set(play.id, { play, contentHash });
      }
      const ids = [...byId.keys()];
      const hashes = ids.length > 0 ? await recent.find(viewerId, ids) : [];
      const stored = new Map(ids.map((id, index) => [id, hashes[index] ?? null]));
      const fresh = [...byId.values()].filter(({ play }) => stored.get(play.id) === null);
      const fate: KeptPlays = fresh.length > 0 ? await log.append(fresh) : { kept: 'STORED', position: null };
      if (fate.kept === 'STORED') recent.remember(fresh);

      const results = judged.map(({ id, play, contentHash, rejected }): ReportResult => {
        if (rejected) return { id, status: 'REJECTED', ...rejected };
        const storedHash = stored.get(play.id) ?? null;
        if (contentHash !== (storedHash ?? byId.get(play.id)?.contentHash)) return reusedId(id);
        return toResult(id, play, storedHash === null ? fate.kept : 'STORED', random);
      });
      observe(results);
      return { results, position: fate.kept === 'STORED' ? fate.position : null, problems: [] };
    },
  };
}

function problemsOf(plays: number, deviceId: string | null): Problem[] {
  if (plays < 1 || plays > largestReport) {
    const message = `A report has 1 to ${largestReport} events, got ${plays}.`;
    return [{ field: ['events'], code: 'INVALID', message }];
  }
  return deviceId === null ? [] : problemsOfDeviceId(['deviceId'], deviceId);
}

/**
 * What makes a play the play that it is. Not when and from which device it was sent: both may differ when it is sent again.
 */
const contentOf = (play: ReportedPlay, viewerId: string): string =>
  JSON.stringify([
    viewerId,
    play.playbackToken,
    play.trackId,
    play.playedAt.getTime(),
    play.msPlayed,
    play.context && [play.context.kind, play.context.id],
    play.startReason,
    play.endReason,
    play.offline,
    play.clickToSoundMs,
    play.stalls,
    play.stalledMs,
  ]);

const reusedId = (id: string): ReportResult => ({
  id,
  status: 'REJECTED',
  code: 'ID_REUSED',
  message: 'id: expected one of its own for each play, got one that was sent with another play',
});

function toResult(
  id: string,
  { counted, notCountedReason }: PlayEvent,
  kept: KeptPlays['kept'],
  random: () => number,
): ReportResult {
  // The client's copy is only for a server that never comes back: no reason to fill its disk with the same plays.
  const [retryAfterMs, message] =
    kept === 'DEFERRED'
      ? [
          spread(5 * 60_000, random),
          'It is kept on one server until the event log is back. Keep it, and send it again.',
        ]
      : [spread(15_000, random), 'It cannot be kept just now. Send it again.'];
  if (kept === 'REFUSED') return { id, status: 'RETRY_LATER', message, retryAfterMs };
  const verdict = { id, status: kept, counted, notCountedReason };
  return kept === 'STORED'
    ? { ...verdict, message: null, retryAfterMs: null }
    : { ...verdict, message, retryAfterMs };
}

/** So long to twice as long. */
const spread = (milliseconds: number, random: () => number) =>
  milliseconds + Math.floor(random() * milliseconds);
