import { readFileSync } from 'node:fs';
import { ConfigError, parsedBy } from '@medley/config';
import { z } from 'zod';
import type { CassandraConnection } from './connection.ts';

/** Where Cassandra is. Whoever can do without it may leave out CASSANDRA_CONTACT_POINTS. */
export const cassandraConfig = {
  /** `host:port,…`, the port 9042 unless told otherwise: the other nodes are found through these. */
  CASSANDRA_CONTACT_POINTS: parsedBy(parseContactPoints).optional(),
  CASSANDRA_LOCAL_DATA_CENTER: z.string().default('datacenter1'),
  CASSANDRA_KEYSPACE: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,47}$/, 'must be a lower case name of at most 48 characters')
    .default('medley'),
  CASSANDRA_USERNAME: z.string().optional(),
  CASSANDRA_PASSWORD: z.string().optional(),
  CASSANDRA_TLS: z.stringbool().default(false),
  /** A file with the certificates to trust, PEM; those of the system unless told otherwise. */
  CASSANDRA_TLS_CA: z.string().optional(),
  /**
   * How many nodes of each data centre keep a row: `datacenter1:3,eu:3`. For a keyspace that is made here; three in the local
   * data centre unless told otherwise.
   */
  CASSANDRA_REPLICATION: parsedBy(parseReplication).optional(),
};

/** What `cassandraConfig` reads. */
export type CassandraConfig = z.output<z.ZodObject<typeof cassandraConfig>>;

/**
 * What the environment says.
 * @throws ConfigError when it names no contact point, or one half of something
 */
export function readCassandraConfig(config: CassandraConfig): {
  connection: CassandraConnection;
  replication: Replication;
} {
  const { CASSANDRA_CONTACT_POINTS: contactPoints, CASSANDRA_LOCAL_DATA_CENTER: localDataCenter } = config;
  const { CASSANDRA_USERNAME: username, CASSANDRA_PASSWORD: password } = config;
  if (!contactPoints) throw new ConfigError(['CASSANDRA_CONTACT_POINTS: is required, but not set']);
  if (config.CASSANDRA_TLS_CA !== undefined && !config.CASSANDRA_TLS) {
    throw new ConfigError(['CASSANDRA_TLS_CA: has no effect without CASSANDRA_TLS=true']);
  }
  if ((username === undefined) !== (password === undefined)) {
    throw new ConfigError(['CASSANDRA_USERNAME, CASSANDRA_PASSWORD: need each other']);
  }
  return {
    connection: {
      contactPoints,
      localDataCenter,
      keyspace: config.CASSANDRA_KEYSPACE,
      ...(username !== undefined && password !== undefined && { credentials: { username, password } }),
      ...(config.CASSANDRA_TLS && { tls: readTls(config) }),
    },
    replication: config.CASSANDRA_REPLICATION ?? { [localDataCenter]: 3 },
  };
}

/** How many nodes keep a row, by data centre. */
export type Replication = Readonly<Record<string, number>>;

function readTls({ CASSANDRA_TLS_CA: file }: CassandraConfig): CassandraConnection['tls'] {
  if (file === undefined) return {};
  try {
    return { ca: readFileSync(file, 'utf8') };
  } catch (error) {
    throw new ConfigError([`CASSANDRA_TLS_CA: the file cannot be read: ${(error as Error).message}`]);
  }
}

/** @throws Error that says what was expected */
function parseContactPoints(text: string): readonly string[] {
  return parseItems(text, 'host:port', (item) =>
    /^[A-Za-z0-9._-]+(:[0-9]{1,5})?$/.test(item) ? (item.includes(':') ? item : `${item}:9042`) : null,
  );
}

/** @throws Error that says what was expected */
function parseReplication(text: string): Replication {
  const pairs = parseItems(text, 'datacenter:nodes', (item) => {
    const [, name, nodes] = /^([A-Za-z0-9._-]+):([1-9][0-9]?)$/.exec(item) ?? [];
    return name === undefined ? null : ([name, Number(nodes)] as const);
  });
  return Object.fromEntries(pairs);
}

function parseItems<Item>(
  text: string,
  expected: string,
  parse: (item: string) => Item | null,
): readonly Item[] {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  const fail = (got: string): never => {
    throw new Error(`must be ${expected}, several with commas, got ${JSON.stringify(got)}`);
  };
  if (parts.length === 0) fail(text);
  return parts.map((part) => parse(part) ?? fail(part));
}
