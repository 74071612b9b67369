import type { UserVersions } from './user-versions.ts';

/** What recommendations of an account are made from, each with a number that is greater when it is newer; 0 while there is none. */
export interface Sources extends UserVersions {
  /** The model that serves. */
  readonly model: number;
}

/** What changed. */
export type UpdateCause = 'PLAYS' | 'LIBRARY' | 'MIXES' | 'MODEL';

/** That an account is recommended something else, at one moment. */
export interface RecommendationsUpdate {
  /** LiveEventKind of the schema; `GAP` when the stores have forgotten what was told, as after a backup was restored. */
  readonly kind: 'STARTED' | 'CHANGED' | 'GAP';
  readonly causes: readonly UpdateCause[];
  /** Of each the newest that was told since a gap. */
  readonly sources: Sources;
}

export interface AskedUpdates {
  /** A UUID. */
  readonly userId: string;
  /** What was told last; null: nothing was. */
  readonly after: Sources | null;
  readonly signal: AbortSignal;
}

/** Tells when an account is recommended something else, whichever process found out. It ends when the signal is aborted. */
export type Updates = (asked: AskedUpdates) => AsyncGenerator<RecommendationsUpdate, void>;

const causes = { profile: 'PLAYS', library: 'LIBRARY', mixes: 'MIXES', model: 'MODEL' } as const;
const names = Object.keys(causes) as (keyof Sources)[];

/** What is newer than what was told. */
export const causesOf = (told: Sources, now: Sources): UpdateCause[] =>
  names.filter((name) => now[name] > told[name]).map((name) => causes[name]);

/** Whether what was told is there no more: of these the numbers only rise. When mixes are over nothing is forgotten. */
export const isForgotten = (told: Sources, now: Sources): boolean =>
  now.profile < told.profile || now.library < told.library || now.model < told.model;

/** The newer one of each. */
export const newestOf = (told: Sources, now: Sources): Sources => ({
  profile: Math.max(told.profile, now.profile),
  library: Math.max(told.library, now.library),
  mixes: Math.max(told.mixes, now.mixes),
  model: Math.max(told.model, now.model),
});
