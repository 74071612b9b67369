import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Cassandra,
  type CassandraConnection,
  createCassandra,
  type KeyspaceOwner,
  type Migration,
  migrate,
} from '@medley/cassandra';
import { findFreePort } from './find-free-port.ts';

/** A keyspace of one test's own. */
export interface TestCassandra {
  readonly cassandra: Cassandra;
  readonly connection: CassandraConnection;
  /** Drops the keyspace too. */
  close(): Promise<void>;
}

/**
 * A scratch keyspace on the cluster that the environment names, with the tables of a subgraph in it.
 * @param contactPoints of another cluster, such as one that the test has started itself
 * @returns null when TEST_CASSANDRA_CONTACT_POINTS is not set
 */
export async function openTestCassandra(
  migrations: KeyspaceOwner | readonly Migration[],
  contactPoints = process.env.TEST_CASSANDRA_CONTACT_POINTS?.split(','),
): Promise<TestCassandra | null> {
  if (!contactPoints) return null;
  const keyspace = `test_${randomUUID().replaceAll('-', '')}`;
  // What a busy machine needs is no matter of these tests.
  const connection = { contactPoints, localDataCenter: 'datacenter1', keyspace, requestTimeoutMs: 10_000 };
  await migrate({ connection, replication: { datacenter1: 1 } }, migrations);
  const cassandra = createCassandra({ connection });
  return {
    cassandra,
    connection,
    async close() {
      await cassandra.write(`DROP KEYSPACE IF EXISTS ${keyspace}`);
      await cassandra.close();
    },
  };
}

/** A Cassandra of one test's own, a single node, which can be made to suffer. */
export interface TestCassandraNode {
  /** `host:port`. */
  readonly contactPoints: readonly string[];
  /** It hangs: connections stay, nothing is answered. */
  pause(): void;
  resume(): void;
  /** It is gone at once, as by `kill -9`; what it has written stays. */
  kill(): Promise<void>;
  /** After `kill`: the same node with what it had. */
  start(): Promise<void>;
  /** Ends it and removes what it has written. */
  stop(): Promise<void>;
}

/**
 * Starts in some ten seconds.
 * @returns null when the environment names no folder with the jars of Cassandra, in CASSANDRA_JARS
 */
export async function startTestCassandra(): Promise<TestCassandraNode | null> {
  const { CASSANDRA_JARS: jars } = process.env;
  if (!jars) return null;
  const folder = await mkdtemp(join(tmpdir(), 'cassandra-'));
  const port = await findFreePort();
  const log = join(folder, 'server.log');
  const options = await writeSettings({ folder, jars, port });
  let server: ChildProcess | null = null;

  async function start() {
    await writeFile(log, '');
    const output = openSync(log, 'a');
    const started = spawn('java', options, { cwd: folder, stdio: ['ignore', output, output] });
    closeSync(output);
    server = started;
    await once(started, 'spawn');
    while (!(await readFile(log, 'utf8')).includes('Startup complete')) {
      if (started.exitCode !== null) {
        const said = await readFile(log, 'utf8');
        throw new Error(`Cassandra ended with ${started.exitCode}: ${said.slice(-2_000)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
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
    contactPoints: [`127.0.0.1:${port}`],
    pause: () => void server?.kill('SIGSTOP'),
    resume: () => void server?.kill('SIGCONT'),
    kill,
    start,
    stop,
  };
}

const settings = fileURLToPath(new URL('../cassandra', import.meta.url));

/** @returns the arguments for `java` */
async function writeSettings({ folder, jars, port }: { folder: string; jars: string; port: number }) {
  const values: Record<string, string> = {
    folder,
    port: String(port),
    storagePort: String(await findFreePort()),
    tlsStoragePort: String(await findFreePort()),
  };
  const template = await readFile(join(settings, 'cassandra.yaml'), 'utf8');
  const file = join(folder, 'cassandra.yaml');
  await writeFile(
    file,
    template.replaceAll(/\{(\w+)\}/g, (text, name) => values[name] ?? text),
  );
  const agent = (await readdir(jars)).find((jar) => jar.startsWith('jamm-'));
  return [
    `@${join(settings, 'jvm.options')}`,
    `-javaagent:${join(jars, agent ?? 'jamm.jar')}`,
    `-Dlogback.configurationFile=${join(settings, 'logback.xml')}`,
    `-Dcassandra.config=file://${file}`,
    `-Dcassandra.storagedir=${folder}`,
    `-Dcassandra.logdir=${folder}`,
    '-cp',
    join(jars, '*'),
    'org.apache.cassandra.service.CassandraDaemon',
  ];
}
