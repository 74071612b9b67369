import type { Admin, Cluster, Kafka, Producer } from 'kafkajs';
import { createCluster } from './cluster.ts';
import type { KafkaAccess } from './connection.ts';
import { createKafkaClient, type KafkaClient, type KafkaClientOptions } from './kafka-client.ts';
import { endsWithin } from './within.ts';

/** What kafkajs lets us do over a connection. */
type Handle = Pick<Producer | Admin | Cluster, 'connect' | 'disconnect'>;

/** A connection that is made when it is needed, and made anew after every failure. */
export interface KafkaLine<Used extends Handle> {
  /** @throws what kafkajs throws, also when it cannot connect */
  use<Result>(work: (handle: Used) => Promise<Result>): Promise<Result>;
  /** What is under way fails, and the next use begins with a new connection. */
  sever(): void;
  /** Lets what is under way end. */
  close(): Promise<void>;
}

/**
 * A failure says that something was not as the client believed: a leader, an address, a connection that lives only on this side. A new
 * client finds out in a few milliseconds; an old one may go on believing it.
 */
function createLine<Used extends Handle>(
  connection: KafkaAccess,
  options: KafkaClientOptions,
  create: (kafka: Kafka) => Used,
): KafkaLine<Used> {
  interface Open {
    readonly client: KafkaClient;
    readonly handle: Used;
    readonly connected: Promise<void>;
  }
  let current: Open | null = null;

  function open(): Open {
    const client = createKafkaClient(connection, options);
    const handle = create(client.kafka);
    return { client, handle, connected: handle.connect() };
  }

  // Others may have requests under way on it, so it is not cut off at once.
  async function retire(line: Open): Promise<void> {
    if (current === line) current = null;
    await endsWithin(
      graceMs,
      Promise.resolve().then(() => line.handle.disconnect()),
    );
    line.client.sever();
  }

  return {
    async use(work) {
      current ??= open();
      const line = current;
      try {
        await line.connected;
        return await work(line.handle);
      } catch (error) {
        void retire(line);
        throw error;
      }
    },
    sever() {
      current?.client.sever();
      current = null;
    },
    async close() {
      if (current) await retire(current);
    },
  };
}

const graceMs = 1_000;

/** kafkajs's producer; sent is what the caller sends, and sent again is up to him. */
export const createProducerLine = (
  connection: KafkaAccess,
  options: KafkaClientOptions,
  createPartitioner: NonNullable<Parameters<Kafka['producer']>[0]>['createPartitioner'],
): KafkaLine<Producer> =>
  createLine(connection, options, (kafka) =>
    kafka.producer({
      createPartitioner,
      allowAutoTopicCreation: false,
      metadataMaxAge: metadataMaxAgeMs,
      maxInFlightRequests: 1,
      // Its idempotent producer acknowledges what it never stored, after a send that timed out.
      idempotent: false,
    }),
  );

export const createAdminLine = (connection: KafkaAccess, options: KafkaClientOptions): KafkaLine<Admin> =>
  createLine(connection, options, (kafka) => kafka.admin());

/** For reading without a group. */
export const createClusterLine = (connection: KafkaAccess, options: KafkaClientOptions): KafkaLine<Cluster> =>
  createLine(connection, options, (kafka) => createCluster(kafka));

/** How soon new partitions and new leaders are noticed, where no error tells. */
export const metadataMaxAgeMs = 10_000;
