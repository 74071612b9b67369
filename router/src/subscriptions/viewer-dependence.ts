import type { GraphQLSchema } from 'graphql';
import { findScopeRules, type ScopeRules } from '../scopes/scope-rules.ts';
import { findMissingScopes } from '../scopes/selected-scopes.ts';
import type { AcceptedSubscription } from './accepted-subscription.ts';

/** Whether what an operation brings may depend on who asks, beyond whether he may ask at all. */
export type DependsOnViewer = (accepted: AcceptedSubscription) => boolean;

/**
 * An operation depends on its viewer when it selects a field, or a type, that does, or one that needs a scope.
 * @param viewerFields as `Type` and `Type.field`; when they are not told, everything may depend
 */
export function createViewerDependence(
  schema: GraphQLSchema,
  supergraphSdl: string,
  viewerFields: ReadonlySet<string> | undefined,
): DependsOnViewer {
  if (!viewerFields) return () => true;
  const rules: ScopeRules = new Map([
    ...findScopeRules(supergraphSdl),
    // A scope that nobody holds.
    ...[...viewerFields].map((coordinate) => [coordinate, [['the viewer']]] as const),
  ]);
  return ({ document, operation, variables }) =>
    findMissingScopes({ schema, document, operation, variables }, rules, nothing).length > 0;
}

const nothing: ReadonlySet<string> = new Set();
