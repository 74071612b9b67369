import { eventsDeadLetters } from '../control/events-dead-letters.ts';
import { ArgumentsError, readOptions, runEventsCommand } from './events-command.ts';

/** npm run events:dlq: looks at dead letters, or sends them to the group that failed on them once more. */
await runEventsCommand('events-dead-letters', eventsDeadLetters, {
  usage: `npm run events:dlq -- list [--topic <topic>] [--group <group>] [--limit <number>]
npm run events:dlq -- send --topic <topic> [--group <group>]`,
  readArguments(args) {
    const { positionals, values } = readOptions({
      args,
      allowPositionals: true,
      options: {
        topic: { type: 'string' },
        group: { type: 'string' },
        limit: { type: 'string', default: '20' },
      },
    });
    const [action, ...rest] = positionals;
    const limit = Number(values.limit);
    if ((action !== 'list' && action !== 'send') || rest.length > 0)
      throw new ArgumentsError(`expected list or send, got ${JSON.stringify(positionals.join(' '))}`);
    if (action === 'send' && !values.topic)
      throw new ArgumentsError('expected --topic: what is to be sent again');
    if (!Number.isInteger(limit) || limit < 1)
      throw new ArgumentsError(`expected --limit to be 1 or more, got ${values.limit}`);
    return { action, topic: values.topic ?? null, group: values.group ?? null, limit };
  },
});
