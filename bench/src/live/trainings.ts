import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeId, newUuid } from '@medley/ids';
import { openArchiveStore } from '@medley/recommendations/adapters/archive-store';
import { openTrainingEngine } from '@medley/recommendations/adapters/open-training-engine';
import { openRepositories } from '@medley/recommendations/adapters/prisma-repositories';
import { createTrainingThread } from '@medley/recommendations/adapters/training-thread';
import { encodePlays } from '@medley/recommendations/archive/encode-plays';
import type { ArchivedPlay } from '@medley/recommendations/domain/archived-play';
import { createTrainer } from '@medley/recommendations/training/trainer';
import { createLogger, createMetrics } from '@medley/service';
import { createRandom } from '../random.ts';
import type { Parts } from './parts.ts';

/** Models that are trained one after the other. */
export interface Trainings {
  /** Ends the one under way. @returns how many were swapped in before, and how long each took */
  stop(): Promise<{ readonly models: number; readonly seconds: number }>;
}

/** Trains as `npm start` does, in threads of this process, on an archive of invented plays, until it is stopped. */
export async function startTrainings(
  parts: Pick<Parts, 'database' | 'log'>,
  { trackIds, plays }: { readonly trackIds: readonly string[]; readonly plays: number },
): Promise<Trainings> {
  const folder = await mkdtemp(join(tmpdir(), 'medley-bench-'));
  const archiveFolder = join(folder, 'archive');
  const archive = openArchiveStore(archiveFolder);
  const { content } = await encodePlays(inventPlays(trackIds, plays));
  await archive.write(
    `plays/date=${yesterday.toISOString().slice(0, 10)}/part-${randomUUID()}.parquet`,
    content,
  );
  const rows = openRepositories(parts.database);
  const train = createTrainer({
    ...{ facts: rows.facts, models: rows.modelWriter, tryHold: rows.tryHold },
    engine: openTrainingEngine('embedded', {}),
    compute: createTrainingThread(archiveFolder),
    workFolder: join(folder, 'training'),
    memoryMib: 512,
    sharesConnection: true,
    ...{ log: parts.log, logger: createLogger('bench', 'error'), metrics: createMetrics() },
  });
  const stopping = new AbortController();
  let [models, seconds] = [0, 0];
  const running = (async () => {
    while (!stopping.signal.aborted) {
      const startedAt = performance.now();
      const { serves, refusal } = await train({ signal: stopping.signal });
      if (!serves) throw new Error(`a model was refused: ${refusal}`);
      models += 1;
      seconds += (performance.now() - startedAt) / 1_000;
    }
  })();
  running.catch(() => {});
  return {
    async stop() {
      stopping.abort(new Error('enough'));
      // Whatever it waited for, it was cut off by the line above.
      await running.catch((error: Error) => {
        if (error.message !== 'enough' && error.name !== 'AbortError') throw error;
      });
      await archive.close();
      await rows.close();
      await rm(folder, { recursive: true });
      return { models, seconds: seconds / Math.max(1, models) };
    },
  };
}

const yesterday = new Date(Date.now() - 86_400_000);
const [listeners, tastes] = [3_000, 20];

/** Each listener keeps to a part of the catalog, where some tracks are played much more than others. */
async function* inventPlays(trackIds: readonly string[], count: number): AsyncGenerator<ArchivedPlay[]> {
  const random = createRandom(7);
  const userIds = Array.from({ length: listeners }, () => encodeId('user', newUuid()));
  const pageSize = 10_000;
  for (let from = 0; from < count; from += pageSize) {
    yield Array.from({ length: Math.min(pageSize, count - from) }, () => {
      const user = random.below(listeners);
      const track = Math.floor((random.next() ** 2 * trackIds.length) / tastes) * tastes + (user % tastes);
      return playOf(userIds[user] as string, trackIds[track] ?? (trackIds[0] as string));
    });
  }
}

const playOf = (userId: string, trackId: string): ArchivedPlay => ({
  ...{ eventId: newUuid(), userId, trackId, playedAt: yesterday, msPlayed: 200_000 },
  ...{
    counted: true,
    notCountedReason: null,
    contextKind: null,
    contextId: null,
    market: 'DE',
    tier: 'FREE',
  },
  ...{
    quality: 'NORMAL',
    startReason: 'TRACK_DONE',
    endReason: 'TRACK_DONE',
    skipped: false,
    offline: false,
  },
  ...{ clickToSoundMs: null, stalls: 0, stalledMs: 0 },
});
