import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type ISocketFactory, Kafka, logLevel, type RetryOptions, type SASLOptions } from 'kafkajs';
import type { KafkaAccess } from './connection.ts';

/** A kafkajs client whose sockets we hold. */
export interface KafkaClient {
  readonly kafka: Kafka;
  /** Ends its connections at once, for good: what waits for an answer fails, and nothing is connected again. */
  sever(): void;
}

export interface KafkaClientOptions {
  /** How long an answer may take, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** How often kafkajs tries by itself; 0 where the caller does. */
  readonly retries: number;
}

/**
 * Each user gets a client of its own. kafkajs shares what a group has committed among all consumers of one client, so that two
 * members of a group in one client take each other's positions away; and whatever a client believes of the cluster is
 * mended by building another.
 */
export function createKafkaClient(
  { brokers, clientId, ssl, sasl, logger, logSink }: KafkaAccess,
  { requestTimeoutMs, retries }: KafkaClientOptions,
): KafkaClient {
  const sockets = new Set<Socket>();
  let severed = false;

  // kafkajs keeps a connection on which requests time out, until the operating system gives up on it: a quarter of an hour.
  const socketFactory: ISocketFactory = ({ host, port, ssl: tls, onConnect }) => {
    if (severed) throw new Error('the connection was given up');
    const servername = isIP(host) ? {} : { servername: host };
    const socket = tls
      ? connectTls({ host, port, ...servername, ...tls }, onConnect)
      : connect({ host, port }, onConnect);
    socket.setKeepAlive(true, 30_000);
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    return socket;
  };

  return {
    kafka: new Kafka({
      brokers: [...brokers],
      clientId,
      ssl,
      // kafkajs has one type for each mechanism.
      sasl: sasl as SASLOptions | undefined,
      socketFactory,
      connectionTimeout: 2_000,
      authenticationTimeout: 5_000,
      requestTimeout: requestTimeoutMs,
      enforceRequestTimeout: true,
      retry: retryOptions(retries),
      logLevel: logger.isLevelEnabled('trace') ? logLevel.DEBUG : logLevel.INFO,
      logCreator: () => (entry) => logSink(entry, severed),
    }),
    sever() {
      severed = true;
      for (const socket of sockets) socket.destroy(new Error('the connection was given up'));
    },
  };
}

/** All of them: where one is missing, kafkajs has defaults for production and others for tests. */
export const retryOptions = (retries: number): Required<Omit<RetryOptions, 'restartOnFailure'>> => ({
  retries,
  initialRetryTime: 150,
  maxRetryTime: 1_000,
  factor: 0.2,
  multiplier: 2,
});
