import { MedleyError } from '@medley/errors';
import { TooLateError } from '../domain/in-time.ts';
import { RowsUnavailableError } from '../domain/rows-unavailable.ts';
import { NoShelvesError } from '../domain/shelves.ts';
import { UserDataUnavailableError } from '../domain/user-data.ts';

/**
 * What the stores answer.
 * @throws MedleyError UPSTREAM_TIMEOUT or UPSTREAM_UNAVAILABLE when they do not
 */
export async function fromStores<Answer>(asked: Promise<Answer>): Promise<Answer> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof TooLateError)
      throw new MedleyError('UPSTREAM_TIMEOUT', 'It did not come in time: try again.');
    if (unavailable.some((kind) => error instanceof kind))
      throw new MedleyError('UPSTREAM_UNAVAILABLE', 'It is out of order at the moment: try again later.');
    throw error;
  }
}

const unavailable = [UserDataUnavailableError, RowsUnavailableError, NoShelvesError];
