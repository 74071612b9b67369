import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { migrate, openPostgres } from '@medley/database';
import { followGroup } from '@medley/event-log';
import { createKafkaEventLog } from '@medley/event-log/kafka';
import { allTopics, playEvents, usersChanged } from '@medley/events';
import { inboxTableSql } from '@medley/inbox';
import { createLogger, createMetrics } from '@medley/service';
import type { TestKafka } from '@medley/testing/kafka';
import { Client } from 'pg';
import { checkEffects, countEffects, type FaultFindings } from './check.ts';
import { startProgram, type Victim } from './parts.ts';
import { countingGroup } from './setting.ts';

export interface FaultPlan {
  /** A broker of this run's own. */
  readonly kafka: TestKafka;
  /** A PostgreSQL on which databases may be made; the run's are dropped at its end. */
  readonly postgresUrl: string;
  /** How many processes are killed. */
  readonly kills: number;
  readonly onProgress: (text: string) => void;
}

export interface FaultReport extends FaultFindings {
  /** Of each kind of process. */
  readonly kills: Readonly<Record<string, number>>;
  /** Effects in all. */
  readonly effects: number;
}

/** How likely each is the next to be killed: a broker takes much longer to come back. */
const lots = ['broker', 'counter', 'counter', 'relayer', 'relayer', 'reporter', 'reporter'] as const;

/**
 * Plays are reported and accounts changed, all the time; the broker, the reporters, the relay and the consumers that count are killed at
 * random moments and start again. In the end everything that was acknowledged or committed must have had its effect, once.
 */
export async function runFaults({ kafka, postgresUrl, kills, onProgress }: FaultPlan): Promise<FaultReport> {
  const folder = await mkdtemp(join(tmpdir(), 'medley-faults-'));
  const usersUrl = await createDatabase(postgresUrl, 'faults_users');
  const countsUrl = await createDatabase(postgresUrl, 'faults_counts');
  const [logger, metrics] = [createLogger('faults', 'silent'), createMetrics()];
  const log = createKafkaEventLog({ brokers: kafka.brokers, clientId: 'faults', logger, metrics });
  const victims: Victim[] = [];
  let ended: Error | undefined;
  const endedEarly = new AbortController();
  try {
    await prepare(usersUrl, countsUrl);
    await log.admin.ensureTopics(allTopics);

    const folders = [join(folder, 'reporter-0'), join(folder, 'reporter-1')];
    for (const own of folders) await mkdir(own);
    const start = (program: 'counter' | 'relayer' | 'reporter', own = folder) => {
      const setting = { brokers: [...kafka.brokers], usersUrl, countsUrl, folder: own };
      victims.push(
        startProgram(program, setting, (error) => {
          ended ??= error;
          endedEarly.abort();
        }),
      );
    };
    for (const own of folders) start('reporter', own);
    for (const program of ['relayer', 'relayer', 'counter', 'counter'] as const) start(program);
    const broker: Victim = {
      name: 'broker',
      async kill() {
        await kafka.kill();
        await setTimeout(Math.random() * 2_000);
        await kafka.start();
      },
      stop: async () => {},
    };

    const killed: Record<string, number> = {};
    while ((await countEffects(countsUrl)) < 100 && !ended) await setTimeout(200);
    for (let count = 1; count <= kills; count++) {
      if (ended) throw ended;
      const lot = pick(lots);
      await pick([...victims, broker].filter(({ name }) => name === lot)).kill();
      killed[lot] = (killed[lot] ?? 0) + 1;
      onProgress(`${count} of ${kills} killed, ${lot} last; ${await countEffects(countsUrl)} effects`);
      await setTimeout(500 + Math.random() * 4_000);
    }

    onProgress('finishing');
    const stop = (name: string) =>
      Promise.all(victims.filter((victim) => victim.name === name).map((victim) => victim.stop()));
    await Promise.all([stop('reporter'), stop('relayer')]);
    for (const { name: topic } of [playEvents, usersChanged]) {
      await followGroup(log, { group: countingGroup, topic, signal: endedEarly.signal });
    }
    if (ended) throw ended;
    await stop('counter');
    const findings = await checkEffects({ usersUrl, countsUrl, folders });
    return { ...findings, kills: killed, effects: await countEffects(countsUrl) };
  } finally {
    await Promise.all(victims.map((victim) => victim.stop().catch(() => {})));
    await log.close();
    for (const url of [usersUrl, countsUrl]) await dropDatabase(postgresUrl, url);
    await rm(folder, { recursive: true });
  }
}

async function prepare(usersUrl: string, countsUrl: string): Promise<void> {
  const users = openPostgres({ url: usersUrl, poolSize: 1 });
  await migrate(users, 'users').finally(() => users.close());
  await runOn(
    countsUrl,
    `CREATE SCHEMA counts;
    ${inboxTableSql('counts.inbox')}
    CREATE TABLE counts.effects (event_id uuid NOT NULL, key text NOT NULL, version int)`,
  );
}

const pick = <Choice>(choices: readonly Choice[]): Choice =>
  choices[Math.floor(Math.random() * choices.length)] as Choice;

async function createDatabase(serverUrl: string, prefix: string): Promise<string> {
  const name = `${prefix}_${randomUUID().slice(0, 8)}`;
  await runOn(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

const dropDatabase = (serverUrl: string, url: string) =>
  runOn(serverUrl, `DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`);

async function runOn(connectionString: string, sql: string): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}
