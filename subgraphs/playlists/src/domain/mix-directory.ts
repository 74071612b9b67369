/** Port to the mixes that recommendations make. */
export interface MixDirectory {
  /**
   * What a mix holds for its owner, as that account may play it now.
   * @returns null when there is none with this id, or it is another account's
   * @throws MixesUnavailableError when nobody answers in time
   */
  find(asked: MixToFind): Promise<FoundMix | null>;
}

export interface MixToFind {
  /** A UUID, as `ownerId`. */
  readonly mixId: string;
  readonly ownerId: string;
  /** Where the owner is; null when nobody knows, and nothing may be played. */
  readonly market: string | null;
  /** Whether explicit tracks may be there. */
  readonly explicit: boolean;
}

export interface FoundMix {
  readonly title: string;
  readonly description: string;
  /** UUIDs, in the order of playing; at most 100. */
  readonly trackIds: readonly string[];
}

/** A mix cannot be copied just now. */
export class MixesUnavailableError extends Error {
  constructor(cause: unknown) {
    super('recommendations do not tell what is in a mix', { cause });
    this.name = 'MixesUnavailableError';
  }
}
