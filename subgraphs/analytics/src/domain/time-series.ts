import { grainOf } from './time-grain.ts';
import type { TimeRange } from './time-range.ts';

/** Every stretch of a range, in the order of time: what was counted in it, or nothing. */
export function fillSeries<Counts>(
  range: TimeRange,
  counted: readonly { readonly at: Date; readonly counts: Counts }[],
  nothing: Counts,
): { at: Date; counts: Counts }[] {
  const byTime = new Map(counted.map(({ at, counts }) => [at.getTime(), counts]));
  const { lengthMs } = grainOf[range.every];
  return Array.from({ length: range.points }, (_, index) => {
    const at = range.from.getTime() + index * lengthMs;
    return { at: new Date(at), counts: byTime.get(at) ?? nothing };
  });
}

/** All of them together, field by field. */
export function sumCounts<Counts extends Readonly<Record<keyof Counts, number>>>(
  all: readonly Counts[],
  nothing: Counts,
): Counts {
  const names = Object.keys(nothing) as (keyof Counts)[];
  return all.reduce<Counts>(
    (sum, counts) =>
      Object.fromEntries(names.map((name) => [name, sum[name] + counts[name]])) as unknown as Counts,
    nothing,
  );
}
