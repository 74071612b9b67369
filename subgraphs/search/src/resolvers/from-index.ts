import { MedleyError } from '@medley/errors';
import { IndexUnavailableError } from '../domain/search-index.ts';

/**
 * What the index answers.
 * @throws MedleyError UPSTREAM_TIMEOUT or UPSTREAM_UNAVAILABLE when it does not
 */
export async function fromIndex<Answer>(asked: Promise<Answer>): Promise<Answer> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof IndexUnavailableError)) throw error;
    throw error.timedOut
      ? new MedleyError('UPSTREAM_TIMEOUT', 'Search did not answer in time: try again.')
      : new MedleyError('UPSTREAM_UNAVAILABLE', 'Search is out of order at the moment: try again later.');
  }
}
