import { startOf } from './time-grain.ts';
import { daysBefore } from './time-window.ts';

/** Port to which work was done for which day. */
export interface WorkDone {
  /** Null when it was never done. */
  find(work: string): Promise<{ readonly day: Date; readonly at: Date } | null>;
  /** @param day its midnight in UTC @param at when it was done */
  note(work: string, day: Date, at: Date): Promise<void>;
}

/** The last day that is over, as its midnight in UTC; over since so long that what was under way has arrived. */
export const lastDayOver = (now: Date): Date =>
  daysBefore(startOf('DAY', new Date(now.getTime() - settlingMs)), 1);

const settlingMs = 10 * 60_000;

/** The days for which work is due, in their order: all since it was done last; the last one only when it never was. */
export function dueDays(doneFor: Date | null, lastDay: Date): readonly Date[] {
  const due: Date[] = [];
  const from = doneFor ? daysBefore(doneFor, -1) : lastDay;
  for (let day = from; day <= lastDay; day = daysBefore(day, -1)) due.push(day);
  return due;
}
