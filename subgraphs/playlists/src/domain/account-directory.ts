/** Port to what users has. */
export interface AccountDirectory {
  /**
   * Which of these accounts there are and may be used, by their public ids.
   * @param ids public ids, distinct
   * @returns null when users could not be asked in time: what is edited then stands unverified
   */
  findActive(ids: readonly string[]): Promise<ReadonlySet<string> | null>;
}
