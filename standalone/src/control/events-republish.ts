import { republishCatalog } from '@medley/catalog';
import type { EventLog } from '@medley/event-log';
import { republishLibrary, republishPlaylists } from '@medley/playlists';
import type { Logger, Metrics } from '@medley/service';
import { republishUsers } from '@medley/users';
import { z } from 'zod';
import type { Rows } from '../rows.ts';
import type { Command } from './protocol.ts';

/** What can be sent again. */
export const republishable = ['catalog', 'users', 'playlists', 'library'] as const;

const argumentsSchema = z.object({
  what: z.enum(republishable),
  /** Begins anew, also where one was interrupted. */
  restart: z.boolean(),
});

export interface RepublishDependencies {
  /** Whose states can be sent: those of the one that is asked for must be there. */
  readonly rows: { readonly [Owner in 'catalog' | 'playlists' | 'users']?: Pick<Rows[Owner], 'relayed'> };
  readonly eventLog: EventLog;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Sends all states of one owner to the event log again. The result says how many, and whether that was all. */
export const eventsRepublish: Command<RepublishDependencies> = async (dependencies, args, run) => {
  const { what, restart } = argumentsSchema.parse(args);
  const startedAt = performance.now();
  const { published, finished } = await republishers[what](dependencies, {
    ...(restart && { from: null }),
    signal: run.signal,
    onProgress: ({ published }) =>
      run.screen.progress(`${what}  ${published.toLocaleString('en')} states sent`),
  });
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  run.screen.line(
    finished
      ? `${published.toLocaleString('en')} states of ${what} were sent in ${seconds} s.`
      : `Interrupted after ${published.toLocaleString('en')} states of ${what}; run it again to go on.`,
  );
  return { published, finished };
};

type Republish = (
  dependencies: RepublishDependencies,
  options: Parameters<typeof republishCatalog>[1],
) => ReturnType<typeof republishCatalog>;

const republishers: Readonly<Record<(typeof republishable)[number], Republish>> = {
  catalog: ({ rows, eventLog: log, ...rest }, options) =>
    republishCatalog({ ...rest, log, ...relayedOf(rows.catalog) }, options),
  users: ({ rows, eventLog: log, ...rest }, options) =>
    republishUsers({ ...rest, log, ...relayedOf(rows.users) }, options),
  playlists: ({ rows, eventLog: log, ...rest }, options) =>
    republishPlaylists({ ...rest, log, ...relayedOf(rows.playlists) }, options),
  library: ({ rows, eventLog: log, ...rest }, options) =>
    republishLibrary({ ...rest, log, ...relayedOf(rows.playlists) }, options),
};

function relayedOf<Relayed>(rows: { readonly relayed: Relayed } | undefined): Relayed {
  if (!rows) throw new Error('the database of what is to be sent again is not open');
  return rows.relayed;
}
