import { randomUUID } from 'node:crypto';
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
import { createServerProcess, type ServerProcess } from './server-process.ts';

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
  // What a busy machine needs is no matter of these tests: tables that several make at a time take seconds.
  const connection = { contactPoints, localDataCenter: 'datacenter1', keyspace, requestTimeoutMs: 45_000 };
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
export interface TestCassandraNode extends ServerProcess {
  /** `host:port`. */
  readonly contactPoints: readonly string[];
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
  const server = createServerProcess({
    name: 'Cassandra',
    command: ['java', ...options],
    cwd: folder,
    log,
    isUp: async () => (await readFile(log, 'utf8')).includes('Startup complete'),
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
  return { ...server, contactPoints: [`127.0.0.1:${port}`], stop };
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
