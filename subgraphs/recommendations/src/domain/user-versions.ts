/** How far what is kept of an account is: each number is greater with each change of its own, and 0 while there is nothing. */
export interface UserVersions {
  /** Of the taste profile. */
  readonly profile: number;
  readonly library: number;
  /** When those mixes that are fixed and were made last were made, in milliseconds since 1970; less when mixes are over. */
  readonly mixes: number;
}

/** @throws UserDataUnavailableError */
export interface UserVersionsReader {
  /** As the durable copies have it. @param at for the mixes that are fixed then */
  find(userIds: readonly string[], at: Date): Promise<ReadonlyMap<string, UserVersions>>;
}
