/** When a track is licensed in a market. Moments are milliseconds since 1970. */
export interface LicenceWindow {
  /** ISO 3166-1 alpha-2. */
  readonly market: string;
  /** Its first moment; -Infinity: since ever. */
  readonly from: number;
  /** The first moment after it; Infinity: without end. */
  readonly until: number;
}

/** How it stands in one market at one moment. */
export interface Licensing {
  readonly licensed: boolean;
  /** Since when; null when since ever, or not licensed. */
  readonly from: number | null;
  /** Until when; null when without end, or not licensed. */
  readonly until: number | null;
  /** When it will be again; null when that is not foreseen, or it is licensed. */
  readonly nextFrom: number | null;
}

/**
 * The same licences as few windows as can be: those of one market that overlap or follow without a gap are one. By market,
 * then by time.
 */
export function normaliseWindows(windows: readonly LicenceWindow[]): LicenceWindow[] {
  const normal: LicenceWindow[] = [];
  for (const window of windows.toSorted(compareWindows)) {
    const last = normal.at(-1);
    if (last?.market === window.market && window.from <= last.until)
      normal[normal.length - 1] = { ...last, until: Math.max(last.until, window.until) };
    else normal.push(window);
  }
  return normal;
}

/** Where windows hold at a moment: codes, sorted, each once. */
export function licensedMarkets(windows: readonly LicenceWindow[], at: number): string[] {
  const holding = windows.filter((window) => holds(window, at)).map(({ market }) => market);
  return [...new Set(holding)].sort();
}

/** @param windows of one market */
export function licensingAt(windows: readonly LicenceWindow[], at: number): Licensing {
  const normal = normaliseWindows(windows);
  const holding = normal.find((window) => holds(window, at));
  const next = holding ? undefined : normal.find(({ from }) => from > at);
  return {
    licensed: holding !== undefined,
    from: finite(holding?.from),
    until: finite(holding?.until),
    nextFrom: finite(next?.from),
  };
}

const holds = ({ from, until }: LicenceWindow, at: number) => from <= at && at < until;

const finite = (moment = Number.NaN) => (Number.isFinite(moment) ? moment : null);

// Two moments may both be infinite, whose difference is no number.
function compareWindows(one: LicenceWindow, other: LicenceWindow): number {
  if (one.market !== other.market) return one.market < other.market ? -1 : 1;
  return one.from < other.from ? -1 : one.from > other.from ? 1 : 0;
}
