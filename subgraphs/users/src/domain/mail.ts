/** What is mailed to people. */
export interface Mail {
  /** @param mail `code` is a secret: whoever has it owns the account until it is used or expires */
  sendPasswordReset(mail: { to: string; displayName: string; code: string; expiresAt: Date }): Promise<void>;
}
