import { rebuild } from '@medley/analytics';
import type { EventLog } from '@medley/event-log';
import type { Logger } from '@medley/service';
import { z } from 'zod';
import type { Rows } from '../rows.ts';
import type { Command } from './protocol.ts';

const argumentsSchema = z.object({
  /** Also when the log has forgotten some of what was counted. */
  loseOlder: z.boolean(),
  /** Gives up numbers that are being built, and builds none. */
  giveUp: z.boolean(),
});

export interface AnalyticsRebuildDependencies {
  readonly rows: { readonly analytics: Pick<Rows['analytics'], 'generations' | 'ledgers'> };
  readonly eventLog: EventLog;
  readonly logger: Logger;
}

/** Counts all numbers of analytics anew from the event log, while the old ones are shown. The result says of how many records. */
export const analyticsRebuild: Command<AnalyticsRebuildDependencies> = async (
  { rows: { analytics }, eventLog: log, logger },
  args,
  { screen, signal },
) => {
  const { loseOlder, giveUp } = argumentsSchema.parse(args);
  const { building } = await analytics.generations.find();
  if (giveUp) {
    if (building) await analytics.generations.giveUp(building.id);
    screen.line(building ? `Generation ${building.id} was given up.` : 'No numbers are being built.');
    return { givenUp: building?.id ?? null };
  }
  if (building)
    screen.line(
      `Goes on with generation ${building.id}, which was begun at ${building.startedAt.toISOString()}.`,
    );
  const startedAt = performance.now();
  const { generation, handled, leftOut } = await rebuild({
    ...analytics,
    ...{ log, logger, loseOlder, signal },
    onProgress: (progress) =>
      screen.progress(
        `${progress.handled.toLocaleString('en')} of ${progress.of.toLocaleString('en')} records counted`,
      ),
  });
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  screen.line(
    `${handled.toLocaleString('en')} records were counted in ${seconds} s, ${leftOut.toLocaleString('en')} left out; generation ${generation.id} is shown.`,
  );
  return { generation: generation.id, handled: Number(handled), leftOut };
};
