/** Hashes passwords, slowly and with bounded memory. */
export interface PasswordHasher {
  /**
   * @param password normalised
   * @returns argon2id in PHC form
   * @throws MedleyError RATE_LIMITED when too many wait already
   */
  hash(password: string): Promise<string>;
  /**
   * @param hash undefined for an account that does not exist: the same work is done, and it never matches
   * @throws MedleyError RATE_LIMITED when too many wait already
   */
  verify(hash: string | undefined, password: string): Promise<boolean>;
  /** Whether it was made with parameters other than today's. */
  isOutdated(hash: string): boolean;
}
