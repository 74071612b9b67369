/** So many requests in each window, which begins with the first of them. */
export interface RatePolicy {
  readonly requests: number;
  readonly windowSeconds: number;
}

/** What is left to whoever asked. */
export interface RateState {
  readonly allowed: boolean;
  /** How many more requests this window has; 0 when refused. */
  readonly remaining: number;
  /** Until the window ends, in milliseconds; at least 1. */
  readonly resetMs: number;
}

/** Counts requests by who sends them. */
export interface RateLimiter {
  readonly policy: RatePolicy;
  /** Counts one request. It never rejects: where nothing can be counted together, it is counted here. */
  take(key: string): Promise<RateState>;
}
