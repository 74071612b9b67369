import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import { findFreePort } from './find-free-port.ts';
import { createServerProcess, type ServerProcess } from './server-process.ts';

/** A Kafka of one test's own, a single broker, which can be made to suffer. */
export interface TestKafka extends ServerProcess {
  /** `host:port`. */
  readonly brokers: readonly string[];
  /** Ends it and removes what it has written. */
  stop(): Promise<void>;
}

/**
 * Starts in a few seconds.
 * @returns null when the environment names no folder with the jars of Kafka, in KAFKA_JARS
 */
export async function startTestKafka(): Promise<TestKafka | null> {
  const { KAFKA_JARS: jars } = process.env;
  if (!jars) return null;
  const folder = await mkdtemp(join(tmpdir(), 'kafka-'));
  const [port, controllerPort] = [await findFreePort(), await findFreePort()];
  const properties = join(folder, 'server.properties');
  await writeFile(properties, propertiesOf(join(folder, 'data'), port, controllerPort));
  const java = ['-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', join(jars, '*')];
  const format = ['format', '--standalone', '--ignore-formatted', '-t', clusterId, '-c', properties];
  await promisify(execFile)('java', [...java, 'kafka.tools.StorageTool', ...format]);
  const server = createServerProcess({
    name: 'Kafka',
    command: ['java', ...java, 'kafka.Kafka', properties],
    log: join(folder, 'log'),
    isUp: () => answers(port),
  });

  async function stop() {
    await server.kill();
    await rm(folder, { recursive: true, force: true });
  }

  try {
    await server.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...server, brokers: [`127.0.0.1:${port}`], stop };
}

const clusterId = 'MkU3OEVBNTcwNTJENDM2Qg';

const propertiesOf = (data: string, port: number, controllerPort: number) => `
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
controller.listener.names=CONTROLLER
controller.quorum.bootstrap.servers=127.0.0.1:${controllerPort}
log.dirs=${data}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
# A broker that was killed waits until its former registration has ended.
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
`;

async function answers(port: number): Promise<boolean> {
  const options = { retries: 0, initialRetryTime: 100 };
  const kafka = new Kafka({
    brokers: [`127.0.0.1:${port}`],
    clientId: 'test',
    connectionTimeout: 1_000,
    requestTimeout: 2_000,
    logLevel: logLevel.NOTHING,
    retry: options,
  });
  const admin = kafka.admin({ retry: options });
  try {
    await admin.connect();
    return (await admin.describeCluster()).brokers.length > 0;
  } catch {
    return false;
  } finally {
    await admin.disconnect();
  }
}
