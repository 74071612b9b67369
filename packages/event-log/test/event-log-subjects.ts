import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@medley/testing';
import { type EmbeddedEventLog, openEmbeddedEventLog } from '../src/embedded/index.ts';
import type { EventLog } from '../src/index.ts';

/** An event log to be tested. */
export interface Subject {
  readonly log: EventLog;
  /** The log as another process has it; the same one where no other process can. Closed by `stop`. */
  connect(): Promise<EventLog>;
  /** Closes what is open and opens it again; `log` is then the new one. */
  reopen(): Promise<void>;
  /** Lets compaction run to its end; null where that is for the log to decide. */
  readonly compact: (() => Promise<void>) | null;
  stop(): Promise<void>;
}

export async function startEmbedded(): Promise<Subject> {
  const folder = await mkdtemp(join(tmpdir(), 'event-log-'));
  let log: EmbeddedEventLog = await openEmbeddedEventLog({ folder, logger: silentLogger });
  return {
    get log() {
      return log;
    },
    connect: async () => log,
    async reopen() {
      await log.close();
      log = await openEmbeddedEventLog({ folder, logger: silentLogger });
    },
    compact: () => log.maintain(),
    async stop() {
      await log.close();
      await rm(folder, { recursive: true });
    },
  };
}

export async function startServed(): Promise<Subject> {
  const { connectEventLog, serveEventLog } = await import('../src/served/index.ts');
  const embedded = await startEmbedded();
  const token = randomUUID();
  const options = { host: '127.0.0.1', token, logger: silentLogger };
  let service = await serveEventLog(embedded.log, { ...options, port: 0 });
  const { port } = new URL(service.url);
  const connect = () => connectEventLog({ url: `http://127.0.0.1:${port}`, token, logger: silentLogger });
  const connected: EventLog[] = [connect()];
  const closeAll = async () => {
    await Promise.all(connected.splice(0).map((log) => log.close()));
    await service.stop();
  };
  return {
    get log() {
      return connected[0] as EventLog;
    },
    async connect() {
      const log = connect();
      connected.push(log);
      return log;
    },
    async reopen() {
      await closeAll();
      await embedded.reopen();
      service = await serveEventLog(embedded.log, { ...options, port: Number(port) });
      connected.push(connect());
    },
    compact: embedded.compact,
    async stop() {
      await closeAll();
      await embedded.stop();
    },
  };
}

/** @param brokers `host:port,…` */
export async function startKafka(brokers: string): Promise<Subject> {
  const { createKafkaEventLog } = await import('../src/kafka/index.ts');
  const connect = () =>
    createKafkaEventLog({ brokers: brokers.split(','), clientId: 'contract', logger: silentLogger });
  const connected: EventLog[] = [connect()];
  const closeAll = async () => {
    await Promise.all(connected.splice(0).map((log) => log.close()));
  };
  return {
    get log() {
      return connected[0] as EventLog;
    },
    async connect() {
      const log = connect();
      connected.push(log);
      return log;
    },
    async reopen() {
      await closeAll();
      connected.push(connect());
    },
    compact: null,
    stop: closeAll,
  };
}
