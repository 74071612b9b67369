import type { EventLog } from '@medley/event-log';
import type { Logger, Metrics } from '@medley/service';
import type { CatalogFacts } from '../domain/catalog-facts.ts';
import type { CaughtUp, PlayLag } from '../domain/caught-up.ts';
import type { FastTasteProfiles } from '../domain/taste-profile.ts';
import type { UserData } from '../domain/user-data.ts';
import { createCaughtUp } from './caught-up.ts';
import { followLibrary } from './follow-library.ts';
import { followPlays } from './follow-plays.ts';
import { watchPlayLag } from './play-lag.ts';
import { createProfiles, type Profiles } from './profiles.ts';

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

/** What is known of plays and libraries; nothing is followed yet. */
export interface LiveParts {
  /** What answers ask. */
  readonly profiles: Profiles;
  readonly caughtUp: CaughtUp;
  readonly playLag: PlayLag;
  /** Follows what is played and what is kept. Once. */
  start(): Following;
  /** Asks the log nothing more. */
  stop(): void;
}

export interface Following {
  stop(): Promise<void>;
  /** What is wrong for good, for `/readyz`. */
  findUnready(): string[];
}

export interface Live extends Omit<LiveParts, 'start' | 'stop'>, Following {}

/** Knows what is played and kept, as far as it is followed, by whichever process. */
export function createLive({ userData, fastProfiles, facts, ...options }: LiveOptions): LiveParts {
  const { log, logger, metrics } = options;
  const profiles = createProfiles({ fast: fastProfiles, durable: userData.profiles, logger, metrics });
  const caughtUp = createCaughtUp({ profiles, metrics });
  const playLag = watchPlayLag({ log });
  const { history, library } = userData;
  return {
    profiles,
    caughtUp,
    playLag,
    start() {
      const consumers = [
        followPlays({ ...options, history, profiles, facts, onTaken: caughtUp.notice }),
        followLibrary({ ...options, library }),
      ];
      return {
        stop: async () => void (await Promise.all(consumers.map((consumer) => consumer.stop()))),
        findUnready: () => consumers.flatMap((consumer) => consumer.findUnready()),
      };
    },
    stop: () => playLag.stop(),
  };
}

/** Follows what is played and what is kept, and knows how far that is. */
export function startLive(options: LiveOptions): Live {
  const { start, stop, ...known } = createLive(options);
  const following = start();
  return {
    ...known,
    ...following,
    async stop() {
      stop();
      await following.stop();
    },
  };
}
