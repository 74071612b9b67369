import type { Identity } from '@medley/identity';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';

/** A subscription that passed all that a query has to pass. */
export interface AcceptedSubscription {
  /** The text that it was sent as. */
  readonly source: string;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Coerced, with the defaults. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly identity: Identity;
}
