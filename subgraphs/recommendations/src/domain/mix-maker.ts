/** Makes mixes for somebody who asks for them before the schedule came to it. */
export interface MixMaker {
  /** Makes those that the account should have by now, where there is enough to go by; nothing when they are there. It ends in time. */
  makeIfDue(userId: string): Promise<void>;
}
