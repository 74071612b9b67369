import type { ApolloServerPlugin } from '@apollo/server';
import { maskError } from '@medley/errors';
import type { Logger } from '@medley/service';
import type { RouterContext } from '../context.ts';

/** Logs what is masked to clients: errors that an operator should see. */
export function errorLog(logger: Logger): ApolloServerPlugin<RouterContext> {
  return {
    async requestDidStart() {
      return {
        async didEncounterErrors({ errors, contextValue: { requestId } }) {
          for (const error of errors) {
            if (maskError(error.toJSON(), error).unexpected)
              logger.error({ err: error, requestId }, 'masked');
          }
        },
      };
    },
  };
}
