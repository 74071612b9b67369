import type { AudioQuality } from './audio-quality.ts';
import type { Tier } from './tier.ts';

/** What a decision needs to know about one release of a recording. */
export interface ReleaseFacts {
  /** `track_…` */
  readonly id: string;
  readonly withdrawn: boolean;
  /** When it may be played first; null: since ever. */
  readonly releasedAt: Date | null;
  /** ISO 3166-1 alpha-2. */
  readonly availableMarkets: readonly string[];
  /** When these change next by themselves, as a licence begins or ends then; null or absent: not foreseen. */
  readonly availableMarketsUntil?: Date | null;
  readonly explicit: boolean;
  readonly durationMs: number;
  /** In no order. */
  readonly encodings: readonly AudioQuality[];
  /** Raised at each change of the release. */
  readonly version: number;
}

/** What a decision needs to know about a track. */
export interface TrackFacts extends ReleaseFacts {
  /** Other releases of the same recording (the same ISRC), the most popular first. */
  readonly alternatives: readonly ReleaseFacts[];
}

/** What a decision needs to know about the account that asks. */
export interface ViewerFacts {
  /** `user_…` */
  readonly id: string;
  readonly tier: Tier;
  /** Where the account is at home, ISO 3166-1 alpha-2; null when unknown. */
  readonly country: string | null;
  readonly allowsExplicit: boolean;
  /** False when the account is suspended, closed or gone. */
  readonly active: boolean;
  /** Raised at each change of one of these. */
  readonly version: number;
}

/** For whom facts are read, and how long it is worth waiting for them. */
export interface FactsRequest {
  readonly requestId: string;
  /** When the client stops waiting, in milliseconds since 1970. */
  readonly deadline: number;
}

/** Port to what catalog knows. */
export interface CatalogFacts {
  /**
   * The facts of these tracks, in their order, read where they are written; null for an unknown one.
   * @param ids distinct
   * @throws FactsUnavailableError when they could not be read in time, or what came is no such answer
   */
  findByIds(ids: readonly string[], request: FactsRequest): Promise<readonly (TrackFacts | null)[]>;
}

/** Port to what users knows. */
export interface AccountFacts {
  /**
   * The facts of these accounts, in their order, read where they are written; null for an unknown one.
   * @param ids distinct
   * @throws FactsUnavailableError when they could not be read in time, or what came is no such answer
   */
  findByIds(ids: readonly string[], request: FactsRequest): Promise<readonly (ViewerFacts | null)[]>;
}

/** Facts could not be read. The message is for logs: it may hold addresses. */
export class FactsUnavailableError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'FactsUnavailableError';
  }
}
