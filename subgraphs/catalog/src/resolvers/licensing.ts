import { licensingAt } from '../domain/licence-windows.ts';
import type { TrackLicences } from '../domain/model.ts';
import type { TrackLicensing } from '../generated/graphql.ts';

/** How it stands with a track in a market at one time. One that was taken down later was still there. */
export function toLicensing({ market, withdrawnAt, windows }: TrackLicences, at: Date): TrackLicensing {
  const withdrawn = withdrawnAt !== null && withdrawnAt <= at;
  const { licensed, from, until, nextFrom } = licensingAt(windows, at.getTime());
  return {
    market,
    at,
    licensed: licensed && !withdrawn,
    withdrawn,
    from: toDate(from),
    until: toDate(until),
    nextFrom: toDate(nextFrom),
  };
}

const toDate = (moment: number | null) => (moment === null ? null : new Date(moment));
