import type { ApolloServerPlugin } from '@apollo/server';
import { forbidden, unauthenticated } from '@medley/errors';
import type { Actor } from '@medley/identity';
import type { RouterContext } from '../context.ts';
import { findScopeRules, type ScopeRules } from '../scopes/scope-rules.ts';
import { findMissingScopes } from '../scopes/selected-scopes.ts';

/** Enforces `@scope`: refuses an operation that selects what its credential does not open, before any of it runs. */
export function scopes(supergraphSdl: string): ApolloServerPlugin<RouterContext> {
  const rules: ScopeRules = findScopeRules(supergraphSdl);
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, operation, request, contextValue }) {
          if (!operation) return;
          const { actor } = contextValue.identity;
          const missing = findMissingScopes(
            { schema, document, operation, variables: request.variables },
            rules,
            new Set(scopesOf(actor)),
          );
          if (missing.length === 0) return;
          if (actor.kind === 'anonymous') {
            throw unauthenticated('Sign in first: the operation selects fields that need scopes.');
          }
          throw forbidden(
            `The credential lacks scopes that this operation needs: ${missing.join(', ')}.`,
            missing,
          );
        },
      };
    },
  };
}

const scopesOf = (actor: Actor): readonly string[] => ('scopes' in actor ? actor.scopes : []);
