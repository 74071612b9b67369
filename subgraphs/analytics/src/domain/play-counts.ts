/** How often something was played. */
export interface PlayCounts {
  /** Those that count. */
  readonly plays: number;
  readonly tooShort: number;
  readonly unverified: number;
  readonly grantExpired: number;
  readonly doubtful: number;
  /** Of those that count. */
  readonly skipped: number;
  /** Of those that count. */
  readonly msPlayed: number;
}

export const noPlays: PlayCounts = {
  plays: 0,
  tooShort: 0,
  unverified: 0,
  grantExpired: 0,
  doubtful: 0,
  skipped: 0,
  msPlayed: 0,
};
