export { readChangedKeys } from './changed-keys.ts';
export { createFeed, type Feed } from './feed.ts';
export {
  appendToOutbox,
  type Change,
  createOutboxFeed,
  createOutboxPruning,
  lockChangesOf,
  type OutboxChange,
  type SqlWriter,
} from './outbox.ts';
export { beginning, InvalidPositionError, type Position } from './position.ts';
export type { FedRow, Relay } from './relay.ts';
export { createRelayStore } from './relay-store.ts';
export {
  type RelayDependencies,
  type RepublishStatesOptions,
  republishStates,
  type StateRelayOptions,
  type StateSource,
  startStateRelay,
  type ToldState,
} from './state-relay.ts';
