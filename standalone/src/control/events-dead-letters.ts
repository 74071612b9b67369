import { type EventLog, listDeadLetters, resendDeadLetters } from '@medley/event-log';
import { topics } from '@medley/events';
import { z } from 'zod';
import type { Command } from './protocol.ts';

const argumentsSchema = z.object({
  action: z.enum(['list', 'send']),
  /** One topic; null for all of them. */
  topic: z.string().nullable(),
  /** Only those on which this group failed. */
  group: z.string().nullable(),
  /** How many are listed of each topic, at most. */
  limit: z.int().positive(),
});

/** Lists dead letters, or sends them to the group that failed on them once more. The result says how many there are. */
export const eventsDeadLetters: Command<{ eventLog: EventLog }> = async ({ eventLog }, args, run) => {
  const { action, topic, group, limit } = argumentsSchema.parse(args);
  const names = topics.map(({ name }) => name).filter((name) => topic === null || name === topic);
  if (names.length === 0) throw new Error(`there is no topic ${JSON.stringify(topic)}: ${known()}`);
  const filter = (letter: { group: string }) => group === null || letter.group === group;
  let letters = 0;
  for (const name of names) {
    const range = { topic: name, filter, signal: run.signal };
    if (action === 'list') {
      const page = await listDeadLetters(eventLog, { ...range, limit });
      letters += page.letters.length;
      for (const letter of page.letters) run.screen.line(describe(letter));
      if (page.next !== null) run.screen.line(`${name}: there are more; --limit shows them`);
    } else {
      const { resent, gone } = await resendDeadLetters(eventLog, {
        ...range,
        onProgress: ({ seen, of, resent }) =>
          run.screen.progress(`${name}  ${seen} of ${of} looked at, ${resent} sent`),
      });
      letters += resent;
      if (resent + gone > 0)
        run.screen.line(`${name}: ${resent} sent${gone > 0 ? `, ${gone} are gone` : ''}`);
    }
  }
  run.screen.line(summary(action, letters));
  return { letters };
};

function describe(letter: Awaited<ReturnType<typeof listDeadLetters>>['letters'][number]): string {
  const { topic, partition, offset, place, buriedAt, group, attempts, reason, key, event } = letter;
  return [
    `${topic}.dlq ${place}  ${buriedAt.toISOString()}  ${event ? `${event.type} ${event.id}` : 'no event'}`,
    `  was ${topic} ${partition}/${offset}, key ${key}`,
    `  ${group} tried ${attempts} times: ${reason}`,
  ].join('\n');
}

const summary = (action: 'list' | 'send', letters: number) =>
  letters === 0
    ? 'No dead letters.'
    : `${letters} ${action === 'list' ? 'dead letters.' : 'dead letters were sent.'}`;

const known = () => `expected one of ${topics.map(({ name }) => name).join(', ')}`;
