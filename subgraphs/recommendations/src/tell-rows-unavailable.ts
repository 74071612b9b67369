import { isTransientError } from '@medley/event-log';
import { RowsUnavailableError } from './domain/rows-unavailable.ts';

/** A port whose methods reject with a RowsUnavailableError when something outside failed that passes by itself. */
export function tellRowsUnavailable<Port extends object>(port: Port): Port {
  const telling = Object.entries(port).map(([name, method]) => [
    name,
    async (...given: unknown[]) => {
      try {
        return await method(...given);
      } catch (error) {
        throw isTransientError(error) ? new RowsUnavailableError(error) : error;
      }
    },
  ]);
  return Object.fromEntries(telling);
}
