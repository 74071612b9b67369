import { MedleyError, unauthenticated } from '@medley/errors';
import { presentFailure } from '../../present.ts';

/** Why a stream that went well so far ends: its last result, a GraphQL result in JSON. */
export const expiredResult = (requestId: string): string =>
  presentFailure(unauthenticated(expiredMessage), requestId).body;

export const tooSlowResult = (requestId: string): string =>
  presentFailure(new MedleyError('TOO_SLOW', tooSlowMessage), requestId).body;

export const expiredMessage = 'The access token has expired.';

const tooSlowMessage =
  'You did not take what waited for you. Begin again after the last cursor that you were given.';
