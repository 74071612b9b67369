/** How long values of one kind are kept. */
export interface TtlClass {
  /** At most this long; the last fifth is left to chance, so that what was stored together does not end together. */
  readonly seconds: number;
  /** The same for the knowledge that there is none. */
  readonly negativeSeconds: number;
}

export const ttlClasses = {
  /** What never changes under its key, such as what is named by its content. */
  immutable: { seconds: 7 * 24 * 3_600, negativeSeconds: 60 },
  /** What may change: so long it may be out of date when nobody says that it changed. */
  metadata: { seconds: 60, negativeSeconds: 15 },
} as const satisfies Record<string, TtlClass>;

/** @param random 0 to 1 @returns milliseconds, an integer */
export function jitteredMs(seconds: number, random: number): number {
  return Math.ceil(seconds * 1_000 * (0.8 + 0.2 * random));
}
