import type { EventLog } from '@medley/event-log';
import type { Logger, Metrics } from '@medley/service';
import type { CatalogFacts } from '../domain/catalog-facts.ts';
import type { CaughtUp, PlayLag } from '../domain/caught-up.ts';
import type { FastTasteProfiles, TasteProfiles } from '../domain/taste-profile.ts';
import type { UserData } from '../domain/user-data.ts';
import { createCaughtUp } from './caught-up.ts';
import { followLibrary } from './follow-library.ts';
import { followPlays } from './follow-plays.ts';
import { watchPlayLag } from './play-lag.ts';
import { createProfiles } from './profiles.ts';

export interface LiveOptions {
  readonly log: Pick<EventLog, 'append' | 'subscribe' | 'admin'>;
  /** Histories, libraries and the durable copies of profiles. */
  readonly userData: Pick<UserData, 'history' | 'library' | 'profiles'>;
  /** The quick copies. */
  readonly fastProfiles: FastTasteProfiles;
  readonly facts: Pick<CatalogFacts, 'findTracks'>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Told once when a consumer has ended for good. */
  readonly onCrash: (error: Error) => void;
}

export interface Live {
  /** What answers ask. */
  readonly profiles: TasteProfiles;
  readonly caughtUp: CaughtUp;
  readonly playLag: PlayLag;
  stop(): Promise<void>;
  /** What is wrong for good, for `/readyz`. */
  findUnready(): string[];
}

/** Follows what is played and what is kept, and knows how far that is. */
export function startLive({ userData, fastProfiles, facts, ...options }: LiveOptions): Live {
  const { log, logger, metrics } = options;
  const profiles = createProfiles({ fast: fastProfiles, durable: userData.profiles, logger, metrics });
  const caughtUp = createCaughtUp({ profiles, metrics });
  const playLag = watchPlayLag({ log });
  const { history, library } = userData;
  const consumers = [
    followPlays({ ...options, history, profiles, facts, onTaken: caughtUp.notice }),
    followLibrary({ ...options, library }),
  ];
  return {
    profiles,
    caughtUp,
    playLag,
    async stop() {
      playLag.stop();
      await Promise.all(consumers.map((consumer) => consumer.stop()));
    },
    findUnready: () => consumers.flatMap((consumer) => consumer.findUnready()),
  };
}
