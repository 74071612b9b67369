/** What the edge sent, and what it had to fetch. */
export interface CdnCounts {
  readonly requests: number;
  readonly refused: number;
  readonly failed: number;
  readonly bytesSent: number;
  readonly originBytes: number;
  readonly originFetches: number;
  readonly malformedLines: number;
}

export const noTraffic: CdnCounts = {
  requests: 0,
  refused: 0,
  failed: 0,
  bytesSent: 0,
  originBytes: 0,
  originFetches: 0,
  malformedLines: 0,
};

/** One machine of the edge. */
export interface EdgeNodeCounts {
  readonly name: string;
  /** To the minute. */
  readonly lastSeenAt: Date;
  readonly now: CdnCounts;
}

/** A file that the edge had to fetch. */
export interface EdgeMiss {
  /** Without a token. */
  readonly path: string;
  /** Null for what is no audio. */
  readonly audio: { readonly trackId: string; readonly quality: string } | null;
  readonly originFetches: number;
  readonly originBytes: number;
}

/**
 * What the origin was spared, as a share of the bytes sent: 1 is all, 0 is none or less, as with a cold cache, which fetches whole
 * slices for parts of them. Null when nothing was sent.
 */
export function hitRateByBytes({ bytesSent, originBytes }: CdnCounts): number | null {
  return bytesSent === 0 ? null : Math.max(0, 1 - originBytes / bytesSent);
}
