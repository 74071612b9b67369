import { catalogChanged } from '@medley/events';
import {
  type Relay,
  type RelayDependencies,
  type RepublishStatesOptions,
  republishStates,
  type StateSource,
  startStateRelay,
} from '@medley/outbox';

export interface CatalogRelayDependencies extends RelayDependencies {
  readonly catalog: StateSource;
}

/** Keeps `catalog.changed.v1` at what the catalog is. */
export const startRelays = (dependencies: CatalogRelayDependencies): Relay =>
  startStateRelay({ ...dependencies, ...told(dependencies) });

/** Sends the states of all genres, artists, albums and tracks again, then what was deleted. */
export const republishCatalog = (dependencies: CatalogRelayDependencies, options: RepublishStatesOptions) =>
  republishStates({ ...dependencies, ...told(dependencies) }, options);

const told = ({ catalog }: CatalogRelayDependencies) => ({
  source: catalog,
  topic: catalogChanged,
  subgraph: 'catalog',
});
