import type { AudioQuality } from './audio-quality.ts';
import {
  decidePlayability,
  decidePlayback,
  type PlaybackDecision,
  type PlaybackDenied,
  type PlaybackGranted,
  type PlaybackQuestion,
} from './decide-playback.ts';
import type { DecisionLog, DecisionRecord } from './decision-record.ts';
import { denialMessage, undecidedMessage } from './denial-message.ts';
import { FactsUnavailableError, type TrackFacts, type ViewerFacts } from './facts.ts';
import { grantLifetime } from './grant-lifetime.ts';
import type {
  AudioAsset,
  AudioAssets,
  AudioFormat,
  AudioUrlRequest,
  PlaybackTokens,
} from './playback-ports.ts';

/** Who listens, as far as the request itself tells. */
export interface Listener {
  /** `user_…`; null when nobody is signed in. */
  readonly viewerId: string | null;
  /** The market that the client's address tells; null when it tells none. */
  readonly market: string | null;
  /** False when the request asks not to hear explicit tracks. */
  readonly explicit: boolean;
}

/** The facts of one request; each is read once at most, and those asked for together are read together. */
export interface RequestFacts {
  /** @throws FactsUnavailableError */
  findTrack(id: string): Promise<TrackFacts | null>;
  /**
   * Both as they were within the same second, which is the one that ends now.
   * @throws FactsUnavailableError
   */
  findTrackAndViewer(
    trackId: string,
    viewerId: string,
  ): Promise<{ readonly track: TrackFacts | null; readonly viewer: ViewerFacts | null }>;
}

/** Nothing was decided: the facts could not be read. */
export interface PlaybackUndecided {
  readonly outcome: 'UNDECIDED';
  /** After how many milliseconds to ask again. */
  readonly retryAfterMs: number;
}

/** A grant with all that a player needs. */
export interface PlaybackGrant extends PlaybackGranted {
  readonly decisionId: string;
  readonly trackId: string;
  readonly requestedQuality: AudioQuality;
  readonly url: string;
  readonly expiresAt: Date;
  readonly refreshAfter: Date;
  readonly format: AudioFormat;
  /** Null when the encoding was not measured. */
  readonly asset: AudioAsset | null;
  readonly playbackToken: string;
}

export type PlaybackDenial = (PlaybackDenied | PlaybackUndecided) & {
  readonly decisionId: string;
  readonly trackId: string;
  /** Why and what would unlock it, for people, in English. */
  readonly message: string;
};

export type PlaybackAnswer = PlaybackGrant | PlaybackDenial;

export interface PlaybackDependencies {
  readonly formats: Readonly<Record<AudioQuality, AudioFormat>>;
  readonly assets: AudioAssets;
  readonly signUrl: (request: AudioUrlRequest) => string;
  readonly tokens: PlaybackTokens;
  readonly decisions: DecisionLog;
  /** A new `decision_…`, later ones greater. */
  readonly newDecisionId: () => string;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** 0 up to 1: spreads the clients that have to ask again. */
  readonly random: () => number;
}

/** What one listener may hear. */
export interface Playback {
  /** A grant or a denial. Whoever asks sees no other effect of it than the answer. */
  decideUrl(trackId: string, quality: AudioQuality): Promise<PlaybackAnswer>;
  /** A hint for screens: no decision is kept of it, no URL is made. */
  decidePlayability(trackId: string): Promise<PlaybackDecision | PlaybackUndecided>;
}

/** Reads the facts for the decision, and makes the URL and the token that go with a grant. */
export function createPlayback(
  dependencies: PlaybackDependencies,
  listener: Listener,
  facts: RequestFacts,
): Playback {
  const { clock, random, newDecisionId, decisions } = dependencies;
  const { viewerId, market, explicit } = listener;

  /** The question without its quality; null when the facts could not be read. */
  async function readQuestion(trackId: string): Promise<Question | null> {
    // Nobody's facts are needed to tell a stranger to sign in.
    if (!viewerId) return { track: null, viewer: null, market, explicit, now: new Date(clock()) };
    try {
      const { track, viewer } = await facts.findTrackAndViewer(trackId, viewerId);
      // It is decided when the facts are there, not when they were asked for.
      return { track, viewer: viewer ?? goneAccount(viewerId), market, explicit, now: new Date(clock()) };
    } catch (error) {
      if (error instanceof FactsUnavailableError) return null;
      throw error;
    }
  }

  const undecided = (): PlaybackUndecided => ({
    outcome: 'UNDECIDED',
    retryAfterMs: 500 + Math.floor(random() * 1_000),
  });

  return {
    async decideUrl(trackId, quality) {
      const question = await readQuestion(trackId);
      const decision = question ? decidePlayback({ ...question, quality }) : undecided();
      const decisionId = newDecisionId();
      const decidedAt = question?.now ?? new Date(clock());
      const answer: PlaybackAnswer =
        decision.outcome === 'GRANTED' && question?.viewer
          ? toGrant(dependencies, decision, {
              decisionId,
              trackId,
              viewerId: question.viewer.id,
              requestedQuality: quality,
              decidedAt,
            })
          : toDenial(decision as PlaybackDenied | PlaybackUndecided, { decisionId, trackId });
      decisions.offer({
        decisionId,
        decidedAt,
        viewerId,
        trackId,
        requestedQuality: quality,
        outcome: answer.outcome,
        grantedQuality: answer.outcome === 'GRANTED' ? answer.grantedQuality : null,
        ...marketOf(listener, question),
        tier: question?.viewer?.tier ?? null,
        trackVersion: question?.track?.version ?? null,
        message: answer.outcome === 'GRANTED' ? null : answer.message,
      });
      return answer;
    },
    async decidePlayability(trackId) {
      const question = await readQuestion(trackId);
      return question ? decidePlayability(question) : undecided();
    },
  };
}

type Question = Omit<PlaybackQuestion, 'quality'>;

/** A credential outlives its account by minutes. */
const goneAccount = (id: string): ViewerFacts => ({
  id,
  tier: 'FREE',
  country: null,
  allowsExplicit: false,
  active: false,
  version: 0,
});

/** The market that the address tells, else the account's country. */
function marketOf(
  { market }: Listener,
  question: Question | null,
): Pick<DecisionRecord, 'market' | 'marketSource'> {
  if (market) return { market, marketSource: 'ADDRESS' };
  const country = question?.viewer?.country ?? null;
  return { market: country, marketSource: country ? 'ACCOUNT' : null };
}

function toDenial(
  decision: PlaybackDenied | PlaybackUndecided,
  asked: { decisionId: string; trackId: string },
): PlaybackDenial {
  const message = decision.outcome === 'UNDECIDED' ? undecidedMessage : denialMessage(decision);
  return { ...decision, ...asked, message };
}

interface GrantRequest {
  readonly decisionId: string;
  readonly trackId: string;
  readonly viewerId: string;
  readonly requestedQuality: AudioQuality;
  readonly decidedAt: Date;
}

function toGrant(
  { signUrl, formats, assets, tokens }: PlaybackDependencies,
  decision: PlaybackGranted,
  request: GrantRequest,
): PlaybackGrant {
  const { market, tier, grantedQuality, durationMs } = decision;
  const { decisionId, trackId, viewerId, requestedQuality, decidedAt } = request;
  const { expiresAt, refreshAfter } = grantLifetime(decidedAt, durationMs);
  return {
    ...decision,
    decisionId,
    trackId,
    requestedQuality,
    url: signUrl({ trackId, quality: grantedQuality, userId: viewerId, expiresAt }),
    expiresAt,
    refreshAfter,
    format: formats[grantedQuality],
    asset: assets.find(trackId, grantedQuality),
    playbackToken: tokens.sign({ ...request, market, tier, grantedQuality }),
  };
}
