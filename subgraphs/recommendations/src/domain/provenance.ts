import type { Mix } from './mixes.ts';

/** What something can be recommended for; see `RecommendationReason` of the schema. */
export type Reason =
  | 'LISTENED_TOGETHER'
  | 'SOUNDS_ALIKE'
  | 'SAME_ARTIST'
  | 'PLAYED_BEFORE'
  | 'NEW_FROM_FOLLOWED'
  | 'FITS_TASTE'
  | 'POPULAR';

/** What something comes from. */
export interface Because {
  readonly kind: 'TRACK' | 'ARTIST';
  /** A UUID. */
  readonly id: string;
}

/** Why something is recommended, as far as that is a matter of the thing itself. */
export interface Grounds {
  readonly reason: Reason;
  readonly because: Because | null;
  /** What it was made from: what the viewer played just now, a model, or what many play. */
  readonly source: 'LIVE' | 'BATCH' | 'POPULAR';
  /** Whether a model took part. */
  readonly modelled: boolean;
}

/** What a model is called. */
export type ModelName = NonNullable<Mix['model']>;

/** How things stand at the moment of an answer. */
export interface Standing {
  /** Null while there is none. */
  readonly model: ModelName | null;
  /** Plays that were told before are in. */
  readonly asOf: Date;
  /** How far recommendations are behind, in milliseconds; null when that is not known. */
  readonly eventLagMs: number | null;
}

/** Why something is recommended, and what that rests on. */
export interface Provenance extends Omit<Grounds, 'modelled'>, Standing {}

/** @param standing when it was recommended */
export function provenanceOf({ reason, because, source, modelled }: Grounds, standing: Standing): Provenance {
  const model = modelled ? standing.model : null;
  // A model knows what was played until it was trained; what many play is measured daily.
  const asOf = source === 'BATCH' && model ? model.trainedAt : standing.asOf;
  return { reason, because, source, model, asOf, eventLagMs: standing.eventLagMs };
}
