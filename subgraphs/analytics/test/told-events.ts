import { randomUUID } from 'node:crypto';
import {
  createEvent,
  type EventOf,
  edgeRequestSampled,
  edgeTrafficCounted,
  playbackDecided,
  playbackMeasured,
} from '@medley/events';
import { encodeId } from '@medley/ids';

export type PlaybackMeasured = EventOf<typeof playbackMeasured>;
export type PlaybackDecided = EventOf<typeof playbackDecided>;
export type EdgeTrafficCounted = EventOf<typeof edgeTrafficCounted>;

/** Noon of yesterday, in milliseconds since 1970: when all of these happen unless told otherwise. */
export const noon = new Date().setUTCHours(12, 0, 0, 0) - 86_400_000;

/** How one start of an account of its own felt. */
export const measured = (
  data: Partial<PlaybackMeasured['data']> & { id?: string } = {},
): PlaybackMeasured => {
  const { id = randomUUID(), ...told } = data;
  const userId = told.userId ?? encodeId('user', randomUUID());
  const startedAt = told.startedAt ?? new Date(noon).toISOString();
  return createEvent(playbackMeasured, {
    source: 'streaming',
    id,
    key: userId,
    time: new Date(startedAt),
    data: {
      userId,
      trackId: encodeId('track', randomUUID()),
      decisionId: encodeId('decision', randomUUID()),
      market: 'DE',
      tier: 'PREMIUM',
      quality: 'HIGH',
      grantedAt: new Date(noon - 60_000).toISOString(),
      startedAt,
      reportedAt: new Date(noon + 60_000).toISOString(),
      contentHash: id,
      outcome: 'STARTED',
      failure: null,
      httpStatus: null,
      clickToSoundMs: 180,
      msPlayed: 200_000,
      stalls: [],
      bytes: 8_000_000,
      edgeHits: 15,
      edgeMisses: 1,
      deviceId: null,
      player: null,
      ...told,
    },
  });
};

/** A denial. @param uuid of the decision, and of its event */
export const decided = (
  data: Partial<PlaybackDecided['data']> = {},
  uuid: string = randomUUID(),
): PlaybackDecided => {
  const trackId = encodeId('track', randomUUID());
  return createEvent(playbackDecided, {
    source: 'streaming',
    id: uuid,
    key: trackId,
    time: new Date(noon),
    data: {
      decisionId: encodeId('decision', uuid),
      decidedAt: new Date(noon).toISOString(),
      userId: null,
      trackId,
      requestedQuality: 'HIGH',
      outcome: 'NOT_LICENSED',
      grantedQuality: null,
      market: 'DE',
      marketSource: 'ADDRESS',
      tier: 'FREE',
      trackVersion: 1,
      message: null,
      sampledOutOf: 1,
      ...data,
    },
  });
};

/** What the edge of `traffic` had to fetch. */
export const missedPath = '/audio/v1/track_06awfzyb8ssk46dyw3e5t1m4kw/high.ogg';

/** Ten seconds of a node of the edge. */
export const traffic = (data: Partial<EdgeTrafficCounted['data']> = {}, id: string = randomUUID()) =>
  createEvent(edgeTrafficCounted, {
    source: 'edge',
    id,
    key: data.node ?? 'edge-1',
    data: {
      node: 'edge-1',
      from: new Date(noon).toISOString(),
      until: new Date(noon + 10_000).toISOString(),
      answers: [
        { kind: 'audio', status: 206, requests: 10, bytesSent: 5_000_000 },
        { kind: 'audio', status: 403, requests: 2, bytesSent: 60 },
        { kind: 'images', status: 502, requests: 1, bytesSent: 0 },
      ],
      originFetches: 2,
      originFailures: 1,
      originBytes: 524_288,
      malformedLines: 3,
      hottestMisses: [{ path: missedPath, originFetches: 1, originBytes: 524_288 }],
      ...data,
    },
  });
export const sampled = () =>
  createEvent(edgeRequestSampled, {
    source: 'edge',
    key: 'edge-1',
    data: {
      node: 'edge-1',
      at: new Date(noon).toISOString(),
      method: 'GET',
      path: missedPath,
      range: null,
      status: 206,
      bytesSent: 524_288,
      originBytes: 0,
      durationMs: 12,
      sampledOutOf: 1_000,
    },
  });
