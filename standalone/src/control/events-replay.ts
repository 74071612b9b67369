import { type EventLog, followGroup, replay } from '@medley/event-log';
import { z } from 'zod';
import type { Command } from './protocol.ts';

const argumentsSchema = z.object({
  group: z.string().min(1),
  topic: z.string().min(1),
  from: z.union([z.enum(['beginning', 'end']), z.iso.datetime().transform((text) => new Date(text))]),
  dryRun: z.boolean(),
  /** Waits until the group has handled what was replayed. */
  follow: z.boolean(),
});

/** Lets a group go on from another place of a topic. The result says how many records wait for it then. */
export const eventsReplay: Command<{ eventLog: EventLog }> = async ({ eventLog }, args, run) => {
  const { group, topic, from, dryRun, follow } = argumentsSchema.parse(args);
  const partitions = await replay(eventLog, { group, topic, from, dryRun });
  for (const { partition, before, after, lagAfter } of partitions) {
    run.screen.line(
      `${topic}/${partition}: from ${before ?? 'no position'} to ${after}, ${lagAfter} records to handle`,
    );
  }
  if (partitions.every(({ before }) => before === null))
    run.screen.line(`${group} has never handled anything of ${topic}: is its name right?`);
  const waiting = partitions.reduce((sum, { lagAfter }) => sum + lagAfter, 0n);
  run.screen.line(
    `${group} ${dryRun ? 'would go on' : 'goes on'} from ${from instanceof Date ? from.toISOString() : `the ${from}`}: ${waiting} records ${dryRun ? 'would wait' : 'wait'} for it.`,
  );
  const handled =
    !follow || dryRun
      ? null
      : await followGroup(eventLog, {
          group,
          topic,
          signal: run.signal,
          onProgress: ({ handled, of }) => run.screen.progress(`${handled} of ${of} handled`),
        });
  return { waiting: Number(waiting), handled };
};
