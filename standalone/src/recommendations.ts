import { join } from 'node:path';
import type { Cursors } from '@medley/connection';
import type { EventLog } from '@medley/event-log';
import { createIdentityVerifier } from '@medley/identity';
import { createRecommendations, type Recommendations } from '@medley/recommendations';
import { openArchiveStore } from '@medley/recommendations/adapters/archive-store';
import { createMemoryTasteProfiles } from '@medley/recommendations/adapters/memory-taste-profiles';
import { openRadioSessions } from '@medley/recommendations/adapters/open-radio-sessions';
import type { Logger, Metrics } from '@medley/service';
import type { SigningKeys } from '@medley/signing-keys';
import type { Rows } from './rows.ts';
import type { Teardown } from './teardown.ts';

export interface RecommendationsOptions {
  /** The data folder, held by this process. */
  readonly folder: string;
  readonly rows: Rows;
  readonly eventLog: EventLog;
  readonly identityKeys: SigningKeys;
  readonly serviceKeys: SigningKeys;
  readonly cursors: Cursors;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Gets how to stop what is opened here. */
  readonly teardown: Teardown;
  /** Told once when something has ended for good. */
  readonly onCrash: (error: Error) => void;
}

/** Recommendations in this process, with an archive of plays in the data folder; nothing is followed yet. */
export async function openRecommendations(options: RecommendationsOptions): Promise<Recommendations> {
  const { folder, rows, eventLog, identityKeys, serviceKeys, cursors, teardown, ...telling } = options;
  const { radioSessions, close } = openRadioSessions({ redisUrl: undefined, logger: telling.logger });
  teardown.add(async () => close());
  const recommendations = await createRecommendations({
    ...telling,
    rows: rows.recommendations,
    userData: rows.userData,
    fastProfiles: createMemoryTasteProfiles(),
    radioSessions,
    archiveStore: openArchiveStore(join(folder, 'archive')),
    // The database is in this thread: whoever asks meanwhile waits for one statement.
    archivePartPlays: 5_000,
    log: eventLog,
    cursors,
    identity: createIdentityVerifier({
      audience: 'recommendations',
      keys: identityKeys,
      serviceKeys,
    }),
  });
  teardown.add(() => recommendations.stop());
  return recommendations;
}
