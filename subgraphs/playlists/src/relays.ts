import { libraryChanged, playlistsChanged } from '@medley/events';
import {
  type Relay,
  type RelayDependencies,
  type RepublishStatesOptions,
  republishStates,
  type StateSource,
  startStateRelay,
} from '@medley/outbox';

export interface PlaylistsRelayDependencies extends RelayDependencies {
  readonly playlists: StateSource;
  readonly library: StateSource;
}

/** Keeps `playlists.changed.v1` at what the playlists are, and `library.changed.v1` at what accounts keep. */
export function startRelays(dependencies: PlaylistsRelayDependencies): Relay {
  const relays = [toldOfPlaylists, toldOfLibraries].map((told) =>
    startStateRelay({ ...dependencies, ...told(dependencies) }),
  );
  return {
    nudge() {
      for (const relay of relays) relay.nudge();
    },
    findDegraded: () => relays.flatMap((relay) => relay.findDegraded()),
    async stop() {
      await Promise.all(relays.map((relay) => relay.stop()));
    },
  };
}

/** Sends the states of all playlists again, in the order of their UUIDs. */
export const republishPlaylists = (
  dependencies: PlaylistsRelayDependencies,
  options: RepublishStatesOptions,
) => republishStates({ ...dependencies, ...toldOfPlaylists(dependencies) }, options);

/** Sends again all that accounts keep. */
export const republishLibrary = (dependencies: PlaylistsRelayDependencies, options: RepublishStatesOptions) =>
  republishStates({ ...dependencies, ...toldOfLibraries(dependencies) }, options);

const toldOfPlaylists = ({ playlists }: PlaylistsRelayDependencies) => ({
  source: playlists,
  topic: playlistsChanged,
  subgraph: 'playlists',
});

const toldOfLibraries = ({ library }: PlaylistsRelayDependencies) => ({
  source: library,
  topic: libraryChanged,
  subgraph: 'playlists',
});
