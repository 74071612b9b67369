export { type ChangedKeys, readChangedKeys } from './changed-keys.ts';
export { createFeed, type Feed, type FeedTable, type SqlReader } from './feed.ts';
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
export { type FedRow, type ReadStates, type Relay, type RelayOptions, startRelay } from './relay.ts';
export { createRelayStore, type RelayStore, type Republication } from './relay-store.ts';
export { type Republished, type RepublishOptions, republish } from './republish.ts';
export {
  type RelayDependencies,
  type RepublishStatesOptions,
  republishStates,
  type StateRelayOptions,
  type StateSource,
  startStateRelay,
  type ToldState,
} from './state-relay.ts';
