/** The number of a generation: of all numbers that were counted from the same beginning. From 1. */
export type GenerationId = number;

/** Counts what a topic tells, each event once however often it is told. */
export interface Ledger<Told, Counted = unknown> {
  /**
   * Counts events of one partition of the log, in their order: all of them, or none when it rejects.
   * @param options.into `all`: into the numbers that are shown, and into those that are being built as far as these have come; or into
   *   one generation only, which is being built from the beginning of the topic
   * @param options.refuse told of events that cannot be counted, and why; the others are counted
   * @returns what that added to the oldest of these generations, of all the one that is shown; undefined when it had all of them
   * @throws GenerationGoneError when the one generation was given up
   */
  record(
    events: readonly Told[],
    options: {
      readonly into: 'all' | GenerationId;
      readonly refuse: (told: Told, reason: string) => void;
    },
  ): Promise<Counted | undefined>;
}
