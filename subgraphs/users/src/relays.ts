import { usersChanged } from '@medley/events';
import {
  type Relay,
  type RelayDependencies,
  type RepublishStatesOptions,
  republishStates,
  type StateSource,
  startStateRelay,
} from '@medley/outbox';

export interface UsersRelayDependencies extends RelayDependencies {
  readonly accounts: StateSource;
}

/** Keeps `users.changed.v1` at what the accounts are. */
export const startRelays = (dependencies: UsersRelayDependencies): Relay =>
  startStateRelay({ ...dependencies, ...told(dependencies) });

/** Sends the states of all accounts again, in the order of their UUIDs. */
export const republishUsers = (dependencies: UsersRelayDependencies, options: RepublishStatesOptions) =>
  republishStates({ ...dependencies, ...told(dependencies) }, options);

const told = ({ accounts }: UsersRelayDependencies) => ({
  source: accounts,
  topic: usersChanged,
  subgraph: 'users',
});
