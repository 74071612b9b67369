/** What is noted of one request while it is answered, for the log and the traffic. */
export interface AnswerAccount {
  /** The listener's pseudonym, as soon as the token has been found good. */
  uid?: string;
  /** Bytes of the body that were handed to the connection. */
  bytesSent: number;
  /** Bytes of slices that were not in memory when they were needed. */
  originBytes: number;
}
