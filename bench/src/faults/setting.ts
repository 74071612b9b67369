import { join } from 'node:path';
import { z } from 'zod';

/** What every process of a run is told, as JSON in its first argument. */
const settingSchema = z.object({
  brokers: z.array(z.string()),
  /** The database of users, with its migrations. */
  usersUrl: z.string(),
  /** Where effects are counted. */
  countsUrl: z.string(),
  /** Of this process alone; it outlives it. */
  folder: z.string(),
});
export type Setting = z.output<typeof settingSchema>;

export const readSetting = (): Setting => settingSchema.parse(JSON.parse(process.argv[2] ?? ''));

/** The consumer group that counts. */
export const countingGroup = 'faults.counts';

/** The ids of the plays that a reporter had acknowledged, one in a line. */
export const acknowledgedFile = (folder: string) => join(folder, 'acknowledged.txt');

/** Whether the process is to end: at SIGTERM it finishes what is under way. Tells the parent that it listens to it. */
export function untilTerminated(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGTERM', () => controller.abort());
  process.send?.('ready');
  return controller.signal;
}
