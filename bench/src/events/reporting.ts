import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventLog } from '@medley/event-log';
import { openSpool } from '@medley/event-log/spool';
import type { Identity } from '@medley/identity';
import { encodeId, newUuid } from '@medley/ids';
import { createLogger, createMetrics } from '@medley/service';
import { createUrlSigner } from '@medley/signed-url';
import { parseSigningKeys } from '@medley/signing-keys';
import { type AppDependencies, createApp } from '@medley/streaming';
import { createMemoryPlaybackSessions } from '@medley/streaming/adapters/memory-playback-sessions';
import { createPlaybackTokens } from '@medley/streaming/adapters/playback-tokens';
import { createReportMeter } from '@medley/streaming/adapters/report-meter';
import { createSpooledPlayLog } from '@medley/streaming/adapters/spooled-play-log';
import { createTestCaller, createTestVerifier } from '@medley/testing';

/** Clients that report to the streaming subgraph, in GraphQL, without a network between. */
export interface Reporting {
  /** Reports so many plays in one request. @throws Error unless all of them are `STORED` */
  report(plays: number): Promise<void>;
  close(): Promise<void>;
}

export async function openReporting(log: EventLog): Promise<Reporting> {
  const folder = await mkdtemp(join(tmpdir(), 'medley-bench-'));
  const [logger, metrics] = [createLogger('bench', 'error'), createMetrics()];
  const spool = await openSpool({
    folder,
    log,
    maxBytes: 64 * 2 ** 20,
    logTimeoutMs: 10_000,
    logger,
    metrics,
  });
  const keys = parseSigningKeys(`bench:${Buffer.alloc(32, 7).toString('base64url')}`);
  const tokens = createPlaybackTokens({ keys });
  const subgraph = await createApp({
    ...unasked,
    urlSigner: createUrlSigner({ keys, baseUrl: 'http://edge.example' }),
    playbackTokens: tokens,
    sessions: {
      store: createMemoryPlaybackSessions(),
      changes: { sessionChanged() {}, queueChanged() {} },
    },
    reports: {
      log: createSpooledPlayLog({ spool, logger }),
      recent: { find: async (_, ids) => ids.map(() => null), remember() {} },
      observe: createReportMeter(metrics),
    },
    identity: createTestVerifier('streaming'),
    logger,
  });
  const { ask } = createTestCaller(subgraph);

  // Listeners of many partitions.
  const listeners = Array.from({ length: 100 }, () => {
    const id = encodeId('user', newUuid());
    const playbackToken = tokens.sign({
      decisionId: encodeId('decision', newUuid()),
      viewerId: id,
      trackId: encodeId('track', newUuid()),
      market: 'DE',
      tier: 'PREMIUM',
      requestedQuality: 'HIGH',
      grantedQuality: 'HIGH',
      decidedAt: new Date(Date.now() - 600_000),
    });
    return { id, playbackToken };
  });
  let turn = 0;
  return {
    async report(plays) {
      turn += 1;
      const { id, playbackToken } = listeners[turn % listeners.length] as (typeof listeners)[number];
      const now = Date.now();
      const events = Array.from({ length: plays }, () => ({
        id: newUuid(),
        playbackToken,
        playedAt: new Date(now - 240_000).toISOString(),
        msPlayed: 200_000,
        context: { kind: 'ALBUM', id: 'album_0000000000000000000000000' },
        startReason: 'CLICK',
        endReason: 'TRACK_DONE',
        clickToSoundMs: 140,
        stalls: 0,
      }));
      const actor: Identity['actor'] = { kind: 'viewer', id, sessionId: 'session_bench', scopes: [] };
      const variables = { input: { events, sentAt: new Date(now).toISOString() } };
      const { data, errors } = await ask<Reported>(mutation, variables, { actor });
      const statuses = data?.playbackReport?.results.map(({ status }) => status) ?? [];
      if (errors || statuses.length !== plays || statuses.some((status) => status !== 'STORED'))
        throw new Error(`not all plays were stored: ${JSON.stringify(errors ?? statuses)}`);
    },
    async close() {
      await subgraph.stop();
      await spool.stop();
      await rm(folder, { recursive: true });
    },
  };
}

interface Reported {
  readonly playbackReport: { readonly results: readonly { readonly status: string }[] };
}

const mutation = `mutation Report($input: PlaybackReportInput!) {
  playbackReport(input: $input) { results { id status counted notCountedReason } userErrors { message } }
}`;

const never = () => {
  throw new Error('nobody asks for this here');
};

/** What a report needs nothing of. */
const unasked: Pick<AppDependencies, 'facts' | 'assets' | 'decisions' | 'measurements'> = {
  facts: { tracks: { find: never, isRecent: never }, viewers: { find: never, isRecent: never } },
  assets: { find: never },
  decisions: { log: { offer: never }, store: { find: never } },
  measurements: { log: { offer: never }, observe: never },
};
