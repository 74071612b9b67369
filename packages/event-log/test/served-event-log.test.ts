import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HttpService } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type EmbeddedEventLog, openEmbeddedEventLog } from '../src/embedded/index.ts';
import { type EventLog, LogUnavailableError, type StoredRecord } from '../src/index.ts';
import { connectEventLog, serveEventLog } from '../src/served/index.ts';
import { startChild } from './killed-child.ts';

const topic = 'test.plays.v1';
const token = 'a token that nobody guesses';
const patience = { timeout: 40_000, interval: 10 };
const numbers = (count: number, name = 'r') => Array.from({ length: count }, (_, index) => `${name}${index}`);
const record = (key: string) => ({ key, value: Buffer.from(key) });
const texts = (records: readonly StoredRecord[]) => records.map(({ value }) => String(value)).sort();
const onCrash = (error: Error) => {
  throw error;
};

let folder: string;
let embedded: EmbeddedEventLog;
let service: HttpService;
let log: EventLog;
const serve = (port = 0) => serveEventLog(embedded, { host: '127.0.0.1', port, token, logger: silentLogger });
const connect = (shown = token) => connectEventLog({ url: service.url, token: shown, logger: silentLogger });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'event-log-'));
  embedded = await openEmbeddedEventLog({ folder, logger: silentLogger });
  await embedded.admin.ensureTopics([{ name: topic, partitions: 4, retentionMs: 86_400_000 }]);
  service = await serve();
  log = connect();
});
afterEach(async () => {
  await log.close();
  await service.stop();
  await embedded.close();
  await rm(folder, { recursive: true });
});

/** The process of the log ends and another begins at its address, some time later. */
async function restart(meanwhile = async () => {}) {
  await service.stop();
  await embedded.close();
  await meanwhile();
  embedded = await openEmbeddedEventLog({ folder, logger: silentLogger });
  service = await serve(Number(new URL(service.url).port));
}

it('takes the token from the URL, and answers nobody without it', async () => {
  const url = new URL(service.url);
  url.password = token;
  const withUrl = connectEventLog({ url: url.href, logger: silentLogger });
  await withUrl.ping(2_000);
  await withUrl.close();

  const stranger = connect('another');
  await expect(stranger.append(topic, [record('a')])).rejects.toThrow('the token is wrong');
  await stranger.close();
  expect((await fetch(`${service.url}/event-log/v1/offsets`, { method: 'POST' })).status).toBe(401);
});

it('says that it is away, and works again when it is back', async () => {
  await log.append(topic, [record('before')]);
  await restart(async () => {
    await expect(log.append(topic, [record('lost')])).rejects.toThrow(LogUnavailableError);
    await expect(log.ping(500)).rejects.toThrow(LogUnavailableError);
    await expect(log.admin.offsets(topic)).rejects.toThrow(LogUnavailableError);
  });
  await expect.poll(() => log.append(topic, [record('after')]).catch(() => []), patience).toHaveLength(1);
});

it('brings subscriptions back with it, and they go on where they were', async () => {
  const seen: StoredRecord[] = [];
  const tailed: StoredRecord[] = [];
  await log.subscribe({
    ...{ group: 'g', topics: [topic], onCrash },
    handle: async ({ records }) => void seen.push(...records),
  });
  await log.tail({ topic, from: 'end', handle: (records) => void tailed.push(...records), onCrash });
  await log.append(topic, numbers(20, 'a').map(record));
  await expect.poll(() => seen.length + tailed.length, patience).toBe(40);
  await restart();
  await embedded.append(topic, numbers(20, 'b').map(record));
  const all = [...numbers(20, 'a'), ...numbers(20, 'b')].sort();
  await expect.poll(() => texts(tailed), patience).toEqual(all);
  await expect.poll(() => [...new Set(texts(seen))], patience).toEqual(all);
});

it('can be subscribed to while it is away', async () => {
  const seen: StoredRecord[] = [];
  await embedded.append(topic, numbers(5).map(record));
  await restart(async () => {
    await log.subscribe({
      ...{ group: 'g', topics: [topic], onCrash },
      handle: async ({ records }) => void seen.push(...records),
    });
    await log.tail({ topic, from: 'beginning', handle: (records) => void seen.push(...records), onCrash });
  });
  await expect.poll(() => seen.length, patience).toBe(10);
});

it('aborts what a member has at hand when the log has forgotten it, and hands it over again', async () => {
  const signals: AbortSignal[] = [];
  await log.subscribe({
    ...{ group: 'g', topics: [topic], onCrash },
    handle: ({ signal }) => {
      signals.push(signal);
      // The second try succeeds.
      if (signals.length > 1) return Promise.resolve();
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
    },
  });
  await log.append(topic, [record('a')]);
  await expect.poll(() => signals.length, patience).toBe(1);
  await restart();
  await expect.poll(() => signals[0]?.aborted, patience).toBe(true);
  const lag = async () =>
    (await embedded.admin.positions('g', [topic])).reduce((sum, { lag }) => sum + lag, 0n);
  await expect.poll(lag, patience).toBe(0n);
  expect(signals).toHaveLength(2);
});

it('gives the partitions of a member that was killed to the others', async () => {
  const source = `
    import { connectEventLog } from './src/served/index.ts';
    import { silentLogger } from '@medley/testing';
    const [url, token, topic] = process.argv.slice(1);
    const log = connectEventLog({ url, token, logger: silentLogger });
    await log.subscribe({
      group: 'g',
      topics: [topic],
      onCrash: (error) => { throw error; },
      handle: async ({ records }) => {
        process.stdout.write(records.length + '\\n');
        await new Promise(() => {});
      },
    });
    setInterval(() => {}, 1_000);
  `;
  const child = startChild(source, [service.url, token, topic]);
  await log.append(topic, numbers(40).map(record));
  await expect.poll(() => child.lines.length, patience).toBe(4);
  const seen: StoredRecord[] = [];
  await log.subscribe({
    ...{ group: 'g', topics: [topic], onCrash },
    handle: async ({ records }) => void seen.push(...records),
  });
  await child.kill();
  await expect.poll(() => texts(seen), patience).toEqual(numbers(40).sort());
});

it('carries more than one request holds', async () => {
  const large = numbers(30).map((key) => ({ key, value: Buffer.alloc(900_000, key) }));
  const places = await log.append(topic, large);
  expect(places).toHaveLength(30);
  const seen: StoredRecord[] = [];
  await log.subscribe({
    ...{ group: 'g', topics: [topic], onCrash },
    handle: async ({ records }) => void seen.push(...records),
  });
  await expect.poll(() => seen.length, patience).toBe(30);
  const byKey = new Map(seen.map(({ key, value }) => [key, value]));
  expect(large.every(({ key, value }) => byKey.get(key)?.equals(value))).toBe(true);
});
