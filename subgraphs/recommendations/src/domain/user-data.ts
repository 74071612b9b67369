import type { MixRepository } from './mixes.ts';
import type { PlayHistory } from './play-history.ts';
import type { LibraryEntries, TasteProfiles } from './taste-profile.ts';
import type { UserVersionsReader } from './user-versions.ts';

/** What grows with what people do. Every call of it ends within seconds, and may be made again. */
export interface UserData {
  readonly history: PlayHistory;
  /** The durable copy. */
  readonly profiles: TasteProfiles;
  readonly library: LibraryEntries;
  readonly mixes: MixRepository;
  /** Of profiles, libraries and mixes. */
  readonly versions: UserVersionsReader;
  /** @throws when it does not answer */
  ping(): Promise<void>;
  /** What it was opened with stays open. */
  close(): Promise<void>;
}

/** It cannot be read or written just now; what was written may be there all the same. The message is for logs: it may hold addresses. */
export class UserDataUnavailableError extends Error {
  /** Whoever follows the event log waits, and tries again. */
  readonly transient = true;

  constructor(cause: unknown) {
    super(`user data is not available: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'UserDataUnavailableError';
  }
}
