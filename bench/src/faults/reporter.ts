import { hash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createKafkaEventLog } from '@medley/event-log/kafka';
import { openSpool } from '@medley/event-log/spool';
import { encodeId, newUuid } from '@medley/ids';
import { createLogger, createMetrics } from '@medley/service';
import { parseSigningKeys } from '@medley/signing-keys';
import { createPlaybackTokens } from '@medley/streaming/adapters/playback-tokens';
import { createSpooledPlayLog } from '@medley/streaming/adapters/spooled-play-log';
import { createPlayReports } from '@medley/streaming/domain/play-reports';
import type { ReportedPlay } from '@medley/streaming/domain/reported-play';
import { acknowledgedFile, readSetting, untilTerminated } from './setting.ts';

/**
 * A server that takes reports of plays, and clients that send each play until it is `STORED` or `DEFERRED`. What was acknowledged so
 * is written down before the client forgets it.
 */
const { brokers, folder } = readSetting();
const terminated = untilTerminated();
const [logger, metrics] = [createLogger('reporter', 'error'), createMetrics()];
const log = createKafkaEventLog({ brokers, clientId: 'faults-reporter', logger, metrics });
const spool = await openSpool({
  folder: join(folder, 'spool'),
  log,
  maxBytes: 64 * 2 ** 20,
  logger,
  metrics,
});
const tokens = createPlaybackTokens({
  keys: parseSigningKeys(`faults:${Buffer.alloc(32, 9).toString('base64url')}`),
});
const reports = createPlayReports({
  tokens,
  log: createSpooledPlayLog({ spool, logger }),
  // Nothing is remembered: that each play counts once is for those who count.
  recent: { find: async (_, ids) => ids.map(() => null), remember() {} },
  hash: (text) => hash('sha256', text, 'base64url').slice(0, 22),
  observe() {},
  clock: Date.now,
  random: Math.random,
});

await Promise.all(Array.from({ length: 4 }, listenAndReport));
// What was deferred goes to the log now, or nobody would.
while (spool.look().records > 0) await setTimeout(100);
await spool.stop();
await log.close();
process.exit(0);

async function listenAndReport(): Promise<void> {
  const viewerId = encodeId('user', newUuid());
  const playbackToken = tokens.sign({
    decisionId: encodeId('decision', newUuid()),
    viewerId,
    trackId: encodeId('track', newUuid()),
    market: 'DE',
    tier: 'FREE',
    requestedQuality: 'NORMAL',
    grantedQuality: 'NORMAL',
    decidedAt: new Date(Date.now() - 3_600_000),
  });
  while (!terminated.aborted) {
    const plays = Array.from({ length: 10 }, () => aPlay(playbackToken));
    for (let waiting = plays; waiting.length > 0; ) {
      const { results } = await reports.report({
        viewerId,
        deviceId: null,
        sentAt: new Date(),
        plays: waiting,
      });
      const kept = new Set<string>();
      for (const { id, status } of results) {
        if (status === 'REJECTED') throw new Error(`the play ${id} was rejected`);
        if (status !== 'RETRY_LATER') kept.add(id);
      }
      if (kept.size > 0) appendFileSync(acknowledgedFile(folder), `${[...kept].join('\n')}\n`);
      waiting = waiting.filter(({ id }) => !kept.has(id));
      await setTimeout(waiting.length > 0 ? 200 : 20);
    }
  }
}

function aPlay(playbackToken: string): ReportedPlay {
  return {
    id: newUuid(),
    playbackToken,
    trackId: null,
    playedAt: new Date(Date.now() - 60_000),
    msPlayed: 31_000,
    context: null,
    startReason: 'CLICK',
    endReason: 'TRACK_DONE',
    offline: false,
    clickToSoundMs: null,
    stalls: 0,
    stalledMs: 0,
  };
}
