import { type ClientOptions, policies } from 'cassandra-driver';
import { createRetryPolicy } from './retry-policy.ts';

/** Where a cluster is, and how to speak with it. */
export interface CassandraConnection {
  /** `host:port`: the other nodes are found through these. */
  readonly contactPoints: readonly string[];
  /** Only its nodes are asked; a quorum is a quorum of them. */
  readonly localDataCenter: string;
  readonly keyspace: string;
  readonly credentials?: { readonly username: string; readonly password: string };
  /** `ca`: the certificates to trust, PEM; those of the system unless told otherwise. */
  readonly tls?: { readonly ca?: string };
  /** How long one node has for one answer, in milliseconds; 1 s unless told otherwise. It is asked twice at most. */
  readonly requestTimeoutMs?: number;
}

/** The driver's options that are the same for every use. */
export function toClientOptions(connection: CassandraConnection): ClientOptions {
  const { contactPoints, localDataCenter, credentials, tls, requestTimeoutMs = 1_000 } = connection;
  return {
    contactPoints: [...contactPoints],
    localDataCenter,
    ...(credentials && { credentials }),
    // Unless told so the driver believes any certificate.
    ...(tls && { sslOptions: { rejectUnauthorized: true, ...tls } }),
    socketOptions: { connectTimeout: 2_000, readTimeout: requestTimeoutMs },
    policies: {
      retry: createRetryPolicy(),
      // The driver's own waits up to ten minutes before it looks whether a node is back.
      reconnection: new policies.reconnection.ExponentialReconnectionPolicy(200, 5_000),
    },
    // Of a row `null` and "not told" are different things to write: undefined leaves a column as it is.
    encoding: { useUndefinedAsUnset: true, useBigIntAsLong: true },
  };
}
