/** How many accounts listened, as a sketch tells it. */
export interface ListenerCount {
  readonly estimate: number;
  /** One standard error, as a share of the estimate. */
  readonly standardError: number;
}
