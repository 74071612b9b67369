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
import { createTestCaller, createTestVerifier, type TestCaller } from '@medley/testing';

/** The streaming subgraph as far as it takes reports, without a network between. */
export interface ReportedPlays {
  readonly ask: TestCaller['ask'];
  /** What vouches for a play of ten minutes ago. */
  tokenOf(viewerId: string, trackId: string): string;
  close(): Promise<void>;
}

/** @param options.logTimeoutMs how long the log may take to confirm; 10 s unless told otherwise: nothing is to go to the disk here */
export async function openReportedPlays(
  log: EventLog,
  { logTimeoutMs = 10_000 } = {},
): Promise<ReportedPlays> {
  const folder = await mkdtemp(join(tmpdir(), 'medley-bench-'));
  const [logger, metrics] = [createLogger('bench', 'error'), createMetrics()];
  const spool = await openSpool({ folder, log, maxBytes: 64 * 2 ** 20, logTimeoutMs, logger, metrics });
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
    notifier: { notify() {}, async *watch() {} },
    cursors: { encode: () => '', decode: () => undefined },
    identity: createTestVerifier('streaming'),
    logger,
  });
  return {
    ask: createTestCaller(subgraph).ask,
    tokenOf: (viewerId, trackId) =>
      tokens.sign({
        decisionId: encodeId('decision', newUuid()),
        viewerId,
        trackId,
        market: 'DE',
        tier: 'PREMIUM',
        requestedQuality: 'HIGH',
        grantedQuality: 'HIGH',
        decidedAt: new Date(Date.now() - 600_000),
      }),
    async close() {
      await subgraph.stop();
      await spool.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** Clients that report to the streaming subgraph, in GraphQL. */
export interface Reporting {
  /** Reports so many plays in one request. @throws Error unless all of them are `STORED` */
  report(plays: number): Promise<void>;
  close(): Promise<void>;
}

export async function openReporting(log: EventLog): Promise<Reporting> {
  const { ask, tokenOf, close } = await openReportedPlays(log);

  // Listeners of many partitions.
  const listeners = Array.from({ length: 100 }, () => {
    const id = encodeId('user', newUuid());
    const playbackToken = tokenOf(id, encodeId('track', newUuid()));
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
    close,
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
