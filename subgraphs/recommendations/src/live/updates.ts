import { encodeId } from '@medley/ids';
import type { ChangeNotifier, RetryWhileAway } from '@medley/live';
import DataLoader from 'dataloader';
import type { ToldModelReader } from '../domain/models.ts';
import { causesOf, isForgotten, newestOf, type Sources, type Updates } from '../domain/updates.ts';
import type { UserVersions, UserVersionsReader } from '../domain/user-versions.ts';
import type { Profiles } from './profiles.ts';

export interface UpdatesOptions {
  readonly versions: UserVersionsReader;
  readonly models: Pick<ToldModelReader, 'serving' | 'noteSwap'>;
  readonly profiles: Pick<Profiles, 'freshen'>;
  /** Notified of the public id of an account. */
  readonly notifier: Pick<ChangeNotifier, 'watch'>;
  readonly retryWhileAway: RetryWhileAway;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

/** Tells when accounts are recommended something else. What changes while nobody asks for the next is told as one. */
export function createUpdates(options: UpdatesOptions): Updates {
  const { versions, models, profiles, notifier, retryWhileAway, clock = Date.now } = options;
  const ofUsers = new DataLoader<string, UserVersions>(
    async (given) => {
      const found = await versions.find([...new Set(given)], new Date(clock()));
      return given.map((userId) => found.get(userId) ?? nothing);
    },
    // Each look wants what is true now.
    { cache: false, maxBatchSize: 500 },
  );

  async function read(userId: string): Promise<Sources> {
    const [own, model] = await Promise.all([ofUsers.load(userId), models.serving()]);
    return { ...own, model: model?.id ?? 0 };
  }

  return async function* watchUpdates({ userId, after, signal }) {
    let told = after;
    for await (const _ of notifier.watch(encodeId('user', userId), signal)) {
      const now = await retryWhileAway(async () => {
        let sources = await read(userId);
        if (told && sources.model < told.model) {
          // Another process told of a model of which this one has not heard yet, or it is there no more.
          models.noteSwap();
          sources = await read(userId);
        }
        // Another process may have it, and what this one has at hand may be older.
        if (sources.profile > (told?.profile ?? 0)) await profiles.freshen(userId, sources.profile);
        return sources;
      }, signal);
      if (!now) return;
      if (told && !isForgotten(told, now)) {
        const causes = causesOf(told, now);
        if (causes.length === 0) continue;
        told = newestOf(told, now);
        yield { kind: 'CHANGED', causes, sources: told };
      } else {
        const kind = told ? 'GAP' : 'STARTED';
        told = now;
        yield { kind, causes: [], sources: told };
      }
    }
  };
}

const nothing: UserVersions = { profile: 0, library: 0, mixes: 0 };
