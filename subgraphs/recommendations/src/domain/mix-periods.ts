/** A time for which a mix stays as it is. */
export interface MixPeriod {
  /** `2026-11-23`: its first day, in UTC. */
  readonly name: string;
  readonly from: Date;
  /** The first moment after it. */
  readonly until: Date;
}

const dayMs = 86_400_000;

/** A day of UTC: for daily mixes. */
export function dayOf(now: Date): MixPeriod {
  const from = Math.floor(now.getTime() / dayMs) * dayMs;
  return toPeriod(from, from + dayMs);
}

/** From a Monday of UTC to the next: for Discover Weekly. */
export function weekOf(now: Date): MixPeriod {
  const day = Math.floor(now.getTime() / dayMs);
  // 1970-01-01 was a Thursday.
  const monday = day - ((((day + 3) % 7) + 7) % 7);
  return toPeriod(monday * dayMs, (monday + 7) * dayMs);
}

const toPeriod = (from: number, until: number): MixPeriod => ({
  name: new Date(from).toISOString().slice(0, 10),
  from: new Date(from),
  until: new Date(until),
});
