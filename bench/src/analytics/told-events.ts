import {
  createEvent,
  edgeTrafficCounted,
  playbackDecided,
  playbackMeasured,
  trackPlayed,
} from '@medley/events';
import { decodeId, newUuid } from '@medley/ids';

/** What the events of one attempt to play have in common. */
export interface AttemptFacts {
  readonly userId: string;
  readonly trackId: string;
  readonly decisionId: string;
  readonly grantedAt: number;
  readonly market: string;
  readonly tier: 'FREE' | 'PREMIUM';
  /** When it began. Times are milliseconds since 1970. */
  readonly at: number;
  readonly msPlayed: number;
}

const source = 'streaming';
const iso = (at: number) => new Date(at).toISOString();

export function played(
  { userId, trackId, decisionId, grantedAt, market, tier, at, msPlayed }: AttemptFacts,
  notCountedReason: 'TOO_SHORT' | 'UNVERIFIED' | null,
) {
  const id = newUuid();
  const verified = notCountedReason !== 'UNVERIFIED';
  return createEvent(trackPlayed, {
    ...{ source, id, key: userId, time: new Date(at) },
    data: {
      ...{ userId, trackId, msPlayed, notCountedReason, contentHash: id },
      playedAt: iso(at),
      reportedAt: iso(at + msPlayed),
      counted: notCountedReason === null,
      context: null,
      decisionId: verified ? decisionId : null,
      market: verified ? market : null,
      tier: verified ? tier : null,
      quality: verified ? 'NORMAL' : null,
      grantedAt: verified ? iso(grantedAt) : null,
      startReason: 'CLICK',
      endReason: 'TRACK_DONE',
      skipped: false,
      offline: false,
      deviceId: `phone of ${userId}`,
      clickToSoundMs: null,
      stalls: 0,
      stalledMs: 0,
    },
  });
}

export function measured(
  { userId, trackId, decisionId, grantedAt, market, tier, at, msPlayed }: AttemptFacts,
  clickToSoundMs: number,
) {
  const id = newUuid();
  return createEvent(playbackMeasured, {
    ...{ source, id, key: userId, time: new Date(at) },
    data: {
      ...{ userId, trackId, decisionId, market, tier, quality: 'NORMAL', clickToSoundMs, msPlayed },
      grantedAt: iso(grantedAt),
      startedAt: iso(at),
      reportedAt: iso(at + msPlayed),
      contentHash: id,
      outcome: 'STARTED',
      failure: null,
      httpStatus: null,
      stalls: msPlayed % 40 === 0 ? [{ atMs: 10, lengthMs: 700 }] : [],
      bytes: msPlayed * 20,
      edgeHits: Math.ceil(msPlayed / 26_000),
      edgeMisses: msPlayed % 20 === 0 ? 1 : 0,
      deviceId: null,
      player: 'bench/1.0.0',
    },
  });
}

export function decided({ userId, trackId, decisionId, market, tier, at }: AttemptFacts, outcome: string) {
  const granted = outcome === 'GRANTED';
  return createEvent(playbackDecided, {
    ...{ source, id: decodeId(decisionId, 'decision'), key: trackId, time: new Date(at) },
    data: {
      ...{ decisionId, userId, trackId, market, tier, outcome },
      decidedAt: iso(at),
      requestedQuality: 'NORMAL',
      grantedQuality: granted ? 'NORMAL' : null,
      marketSource: 'ADDRESS',
      trackVersion: 1,
      message: granted ? null : 'No.',
      sampledOutOf: granted ? 100 : 1,
    },
  });
}

/** Ten seconds of a node. */
export function trafficCounted(node: string, at: number) {
  const from = Math.floor(at / 10_000) * 10_000;
  return createEvent(edgeTrafficCounted, {
    ...{ source: 'edge', key: node, time: new Date(from) },
    data: {
      node,
      from: iso(from),
      until: iso(from + 10_000),
      answers: [{ kind: 'audio', status: 206, requests: 900, bytesSent: 471_859_200 }],
      originFetches: 9,
      originFailures: 0,
      originBytes: 4_718_592,
      malformedLines: 0,
      hottestMisses: [{ path: '/audio/v1/track_1/normal.ogg', originFetches: 9, originBytes: 4_718_592 }],
    },
  });
}
