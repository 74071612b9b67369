import { type CdnCounts, hitRateByBytes } from './cdn-traffic.ts';

/** Whether somebody should look at the edge. */
export interface EdgeAlert {
  readonly firing: boolean;
  readonly threshold: number;
  /** Why, for people. */
  readonly message: string;
}

/** At 30 million streams one miss in a thousand is 30,000 requests a second at the origin. */
const hitRateThreshold = 0.999;

export function judgeEdge(lastHour: CdnCounts): EdgeAlert {
  const hitRate = hitRateByBytes(lastHour);
  if (hitRate === null)
    return { firing: false, threshold: hitRateThreshold, message: 'Nothing was sent in the last hour.' };
  const firing = hitRate < hitRateThreshold;
  const { originFetches, originBytes } = lastHour;
  const fetched = `${originFetches.toLocaleString('en')} requests to the origin brought ${originBytes.toLocaleString('en')} bytes`;
  return {
    firing,
    threshold: hitRateThreshold,
    message: `In the last hour ${percent(hitRate)} of the bytes were spared the origin, ${
      firing ? 'less than' : 'and that is at least'
    } ${percent(hitRateThreshold)}: ${fetched}.`,
  };
}

// Rounded down, or 99.96 would read as if it were all.
const percent = (share: number) => `${(Math.floor(share * 10_000) / 100).toLocaleString('en')} %`;
