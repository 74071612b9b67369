import { eventsReplay } from '../control/events-replay.ts';
import { ArgumentsError, readOptions, runEventsCommand } from './events-command.ts';

/** npm run events:replay: lets a consumer group, which must have stopped, go on from another place. */
await runEventsCommand('events-replay', eventsReplay, {
  usage: `npm run events:replay -- --group <group> --topic <topic> --from beginning|end|<time> [--dry-run] [--follow]
<time> such as 2026-11-23T08:00:00Z`,
  readArguments(args) {
    const { values } = readOptions({
      args,
      options: {
        group: { type: 'string' },
        topic: { type: 'string' },
        from: { type: 'string' },
        'dry-run': { type: 'boolean', default: false },
        follow: { type: 'boolean', default: false },
      },
    });
    const { group, topic, from = '', follow } = values;
    if (!group || !topic) throw new ArgumentsError('expected --group and --topic');
    return { group, topic, from: readPlace(from), dryRun: values['dry-run'], follow };
  },
});

function readPlace(from: string): string {
  if (from === 'beginning' || from === 'end') return from;
  if (/^\d{4}-\d\d-\d\dT/.test(from) && !Number.isNaN(Date.parse(from))) return new Date(from).toISOString();
  throw new ArgumentsError(`expected --from to be beginning, end or a time, got ${JSON.stringify(from)}`);
}
