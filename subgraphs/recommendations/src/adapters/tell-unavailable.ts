import { isTransientError } from '@medley/event-log';
import { UserDataUnavailableError } from '../domain/user-data.ts';

/** A port whose methods reject with an UserDataUnavailableError when something outside failed that passes by itself. */
export function tellUnavailable<Port extends object>(port: Port): Port {
  const telling = Object.entries(port).map(([name, method]) => [
    name,
    async (...given: unknown[]) => {
      try {
        return await method(...given);
      } catch (error) {
        throw isTransientError(error) ? new UserDataUnavailableError(error) : error;
      }
    },
  ]);
  return Object.fromEntries(telling);
}
