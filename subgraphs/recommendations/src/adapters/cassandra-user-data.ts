import type { Cassandra } from '@medley/cassandra';
import type { UserData } from '../domain/user-data.ts';
import { createCassandraLibraryEntries } from './cassandra-library-entries.ts';
import { createCassandraMixes } from './cassandra-mixes.ts';
import { createCassandraPlayHistory } from './cassandra-play-history.ts';
import { createCassandraTasteProfiles } from './cassandra-taste-profiles.ts';
import { createCassandraUserVersions } from './cassandra-user-versions.ts';
import { tellUnavailable } from './tell-unavailable.ts';
import type { Now } from './user-data-clock.ts';

/** User data in Cassandra: for what no one machine can hold. The tables are in `cassandra/`. */
export function openCassandraUserData(cassandra: Cassandra, now: Now = () => new Date()): UserData {
  return {
    history: tellUnavailable(createCassandraPlayHistory(cassandra, now)),
    profiles: tellUnavailable(createCassandraTasteProfiles(cassandra)),
    library: tellUnavailable(createCassandraLibraryEntries(cassandra)),
    mixes: tellUnavailable(createCassandraMixes(cassandra, now)),
    versions: tellUnavailable(createCassandraUserVersions(cassandra)),
    ping: () => cassandra.ping(),
    close: async () => {},
  };
}
