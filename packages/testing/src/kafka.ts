import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import { findFreePort } from './find-free-port.ts';

/** A Kafka of one test's own, a single broker, which can be made to suffer. */
export interface TestKafka {
  /** `host:port`. */
  readonly brokers: readonly string[];
  /** It hangs: connections stay, nothing is answered. */
  pause(): void;
  resume(): void;
  /** It is gone at once, as by `kill -9`; what it has written stays. */
  kill(): Promise<void>;
  /** After `kill`: the same broker with what it had. */
  start(): Promise<void>;
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
  let server: ChildProcess | null = null;

  async function start() {
    const output = openSync(join(folder, 'log'), 'a');
    const started = spawn('java', [...java, 'kafka.Kafka', properties], {
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    server = started;
    await once(started, 'spawn');
    while (!(await answers(port))) {
      if (started.exitCode !== null) {
        const said = await readFile(join(folder, 'log'), 'utf8');
        throw new Error(`Kafka ended with ${started.exitCode}: ${said.slice(-2_000)}`);
      }
    }
  }

  async function kill() {
    if (!server) return;
    const exit = once(server, 'exit');
    server.kill('SIGKILL');
    server = null;
    await exit;
  }

  async function stop() {
    await kill();
    await rm(folder, { recursive: true, force: true });
  }

  // A test run that is cut short leaves none behind.
  process.once('exit', () => server?.kill('SIGKILL'));

  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    brokers: [`127.0.0.1:${port}`],
    pause: () => void server?.kill('SIGSTOP'),
    resume: () => void server?.kill('SIGCONT'),
    kill,
    start,
    stop,
  };
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
    await new Promise((resolve) => setTimeout(resolve, 100));
    return false;
  } finally {
    await admin.disconnect();
  }
}
