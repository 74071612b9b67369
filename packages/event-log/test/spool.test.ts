import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { ClassicLevel } from 'classic-level';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openEmbeddedEventLog } from '../src/embedded/index.ts';
import {
  type EventLog,
  type LogRecord,
  LogUnavailableError,
  RecordTooLargeError,
  UnknownTopicError,
} from '../src/index.ts';
import { openSpool, type Spool, SpoolFullError, SpoolUnwritableError } from '../src/spool/index.ts';
import { startChild } from './killed-child.ts';

const topic = 'test.plays.v1';
const patience = { timeout: 20_000, interval: 10 };
const numbers = (count: number, name = 'r') => Array.from({ length: count }, (_, index) => `${name}${index}`);
const record = (value: string): LogRecord => ({
  key: 'k',
  value: Buffer.from(value),
  headers: { of: value },
});

/** A log whose health a test decides. */
function createFakeLog() {
  const stored: LogRecord[] = [];
  const fake = {
    health: 'well' as 'well' | 'failing' | 'hanging' | 'unknown topic' | 'small',
    stored,
    attempts: 0,
    texts: () => stored.map(({ value }) => String(value)),
    async append(name: string, records: readonly LogRecord[]) {
      fake.attempts += 1;
      if (fake.health === 'hanging') return new Promise<never>(() => {});
      if (fake.health === 'failing') throw new LogUnavailableError('no brokers');
      if (fake.health === 'unknown topic') throw new UnknownTopicError(name);
      if (fake.health === 'small' && records.some(({ value }) => (value?.length ?? 0) > 100)) {
        throw new RecordTooLargeError(101, 100);
      }
      stored.push(...records);
      return records.map((_, index) => ({ topic: name, partition: 0, offset: BigInt(index) }));
    },
    async ping() {
      if (fake.health === 'hanging') return new Promise<never>(() => {});
      if (fake.health === 'failing') throw new LogUnavailableError('no brokers');
    },
  } satisfies Pick<EventLog, 'append' | 'ping'> & Record<string, unknown>;
  return fake;
}

let folder: string;
let log: ReturnType<typeof createFakeLog>;
let spool: Spool;
let metrics: ReturnType<typeof createMetrics>;
const open = async (maxBytes = 1_000_000) => {
  metrics = createMetrics();
  return openSpool({ folder, log, maxBytes, metrics, logger: silentLogger, logTimeoutMs: 100 });
};
const metric = async (name: string) => {
  const found = await metrics.registry.getSingleMetric(name)?.get();
  return found?.values.reduce((sum, { value }) => sum + value, 0);
};
const append = async (...values: string[]) => (await spool.append(topic, values.map(record))).kept;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spool-'));
  log = createFakeLog();
  spool = await open();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await spool.stop();
  await rm(folder, { recursive: true });
});

describe('while the log is there', () => {
  it('gives everything to it and keeps nothing', async () => {
    expect(await append('a', 'b')).toBe('STORED');
    expect(log.stored).toEqual([record('a'), record('b')]);
    expect(spool.look()).toEqual({ records: 0, bytes: 0, oldestAgeMs: 0, logAway: false });
  });

  it('refuses at once what the log will never take', async () => {
    const large = { key: 'k', value: Buffer.alloc(1_048_577) };
    await expect(spool.append(topic, [large])).rejects.toThrow(RecordTooLargeError);
    log.health = 'unknown topic';
    await expect(append('a')).rejects.toThrow(UnknownTopicError);
    expect(spool.look()).toMatchObject({ records: 0, logAway: false });
  });
});

describe.each(['failing', 'hanging'] as const)('while the log is %s', (health) => {
  beforeEach(() => {
    log.health = health;
  });

  it('keeps what comes, and sends it in its order when the log is back', async () => {
    for (const value of numbers(20)) expect(await append(value, `${value}+`)).toBe('DEFERRED');
    expect(spool.look()).toMatchObject({ records: 40, logAway: true });
    expect(log.stored).toEqual([]);
    log.health = 'well';
    const values = numbers(20).flatMap((value) => [value, `${value}+`]);
    await expect.poll(log.texts, patience).toEqual(values);
    expect(log.stored).toEqual(values.map(record));
    await expect.poll(spool.look, patience).toEqual({ records: 0, bytes: 0, oldestAgeMs: 0, logAway: false });
    expect(await append('later')).toBe('STORED');
  });

  it('answers at once when it knows that the log is away', async () => {
    await append('first');
    const before = log.attempts;
    const began = performance.now();
    for (const value of numbers(50)) await append(value);
    // Fifty times the 100 ms of an attempt would be five seconds.
    expect(performance.now() - began).toBeLessThan(2_500);
    // Those are the attempts to send what waits.
    expect(log.attempts - before).toBeLessThan(25);
  });

  it('counts what waits, what came and what went', async () => {
    await append('a', 'b', 'c');
    expect(await metric('medley_spool_deferred_total')).toBe(3);
    await expect.poll(() => metric('medley_spool_records'), patience).toBe(3);
    expect(await metric('medley_spool_bytes')).toBe(spool.look().bytes);
    await expect.poll(() => metric('medley_spool_oldest_age_seconds'), patience).toBeGreaterThan(0);
    expect(await metric('medley_spool_log_away')).toBe(1);
    log.health = 'well';
    await expect.poll(() => metric('medley_spool_drained_total'), patience).toBe(3);
    await expect.poll(() => metric('medley_spool_bytes'), patience).toBe(0);
    await expect.poll(() => metric('medley_spool_log_away'), patience).toBe(0);
  });

  it('goes on after a restart with what was left', async () => {
    await append(...numbers(10));
    const before = spool.look();
    await spool.stop();
    spool = await open();
    expect(spool.look()).toMatchObject({ records: 10, bytes: before.bytes });
    expect(spool.look().oldestAgeMs).toBeGreaterThan(0);
    log.health = 'well';
    await expect.poll(log.texts, patience).toEqual(numbers(10));
  });

  it('refuses what has no room, keeps what it has, and takes more when there is room again', async () => {
    await spool.stop();
    spool = await open(10_000);
    const kept: string[] = [];
    const fill = async () => {
      for (const value of numbers(1_000)) {
        await append(value);
        kept.push(value);
      }
    };
    await expect(fill()).rejects.toThrow(SpoolFullError);
    expect(kept.length).toBeGreaterThan(50);
    expect(spool.look().bytes).toBeLessThanOrEqual(10_000);
    expect(spool.look().bytes).toBeGreaterThan(9_800);
    expect(await metric('medley_spool_refused_total')).toBe(1);
    log.health = 'well';
    await expect.poll(log.texts, patience).toEqual(kept);
    await expect.poll(spool.look, patience).toMatchObject({ records: 0, logAway: false });
    log.health = health;
    expect(await append('more')).toBe('DEFERRED');
  });

  it('never holds more than its bound, also when many come at once', async () => {
    await spool.stop();
    spool = await open(10_000);
    await append('first');
    const results = await Promise.allSettled(numbers(1_000).map((value) => append(value)));
    const taken = results.filter(({ status }) => status === 'fulfilled').length;
    expect(spool.look()).toMatchObject({ records: taken + 1 });
    expect(spool.look().bytes).toBeLessThanOrEqual(10_000);
  });

  it('stops in time', async () => {
    await append('a');
    const began = performance.now();
    await spool.stop();
    expect(performance.now() - began).toBeLessThan(2_000);
    await expect(append('b')).rejects.toThrow(SpoolFullError);
  });
});

it('lets what is new pass what waits', async () => {
  log.health = 'failing';
  await append(...numbers(2_000, 'old'));
  log.health = 'well';
  await expect.poll(() => spool.look().logAway, patience).toBe(false);
  expect(await append('new')).toBe('STORED');
  await expect.poll(() => spool.look().records, patience).toBe(0);
  expect(log.texts().filter((text) => text !== 'new')).toEqual(numbers(2_000, 'old'));
});

it('sends a megabyte at a time, however much waits', async () => {
  log.health = 'failing';
  const large = numbers(20).map((key) => ({ key, value: Buffer.alloc(300_000) }));
  await spool.stop();
  spool = await open(10_000_000);
  for (const each of large) await spool.append(topic, [each]);
  const sizes: number[] = [];
  const { append: send } = log;
  vi.spyOn(log, 'append').mockImplementation((name, records) => {
    sizes.push(records.length);
    return send(name, records);
  });
  log.health = 'well';
  await expect.poll(() => log.stored.length, patience).toBe(20);
  expect(Math.max(...sizes)).toBe(3);
});

it('puts aside what the log refuses for good, and goes on', async () => {
  log.health = 'failing';
  await append('a', 'x'.repeat(200), 'b');
  log.health = 'small';
  await expect.poll(log.texts, patience).toEqual(['a', 'b']);
  await expect.poll(() => metric('medley_spool_set_aside_total'), patience).toBe(1);
  expect(spool.look()).toMatchObject({ records: 0, logAway: false });
  expect(spool.look().bytes).toBeGreaterThan(200);
});

it('waits for a topic that is not there yet, and lets others pass meanwhile', async () => {
  log.health = 'failing';
  await append('a');
  log.health = 'unknown topic';
  await expect.poll(() => spool.look().logAway, patience).toBe(false);
  expect(spool.look().records).toBe(1);
  log.health = 'well';
  expect(await append('b')).toBe('STORED');
  await expect.poll(() => log.texts().sort(), patience).toEqual(['a', 'b']);
});

it('can be open only once, and says so', async () => {
  await expect(open()).rejects.toThrow(`the spool in ${folder} is open already`);
});

describe('a disk that fails', () => {
  const breakDisk = () =>
    vi.spyOn(ClassicLevel.prototype, 'batch').mockRejectedValue(new Error('no space left on device'));

  it('is told like a full spool, and loses nothing that was kept', async () => {
    log.health = 'failing';
    await append('a');
    const broken = breakDisk();
    await expect(append('b')).rejects.toThrow(SpoolUnwritableError);
    await expect(append('b')).rejects.toThrow(/the spool cannot be written/);
    broken.mockRestore();
    await expect.poll(() => append('c').catch(() => 'refused'), patience).toBe('DEFERRED');
    expect(spool.look().records).toBe(2);
    log.health = 'well';
    await expect.poll(log.texts, patience).toEqual(['a', 'c']);
  });

  it('is not filled to the last byte', async () => {
    await spool.stop();
    const options = {
      maxBytes: 1_000,
      keepFreeBytes: Number.MAX_SAFE_INTEGER,
      metrics,
      logger: silentLogger,
    };
    spool = await openSpool({ folder, log, ...options, metrics: createMetrics() });
    expect(await append('a')).toBe('STORED');
    log.health = 'failing';
    await expect(append('b')).rejects.toThrow(SpoolUnwritableError);
    await expect(append('b')).rejects.toThrow('have to stay free');
  });

  it('does not keep records from a log that is back', async () => {
    log.health = 'failing';
    await append('a');
    breakDisk();
    vi.spyOn(ClassicLevel.prototype, 'open').mockRejectedValue(new Error('no space left on device'));
    await expect(append('b')).rejects.toThrow(SpoolUnwritableError);
    log.health = 'well';
    await expect.poll(() => append('c').catch(() => 'refused'), patience).toBe('STORED');
    vi.restoreAllMocks();
    await expect.poll(log.texts, patience).toContain('a');
  });
});

it('takes five thousand a second in batches without stopping the process', async () => {
  log.health = 'failing';
  await spool.stop();
  spool = await open(100_000_000);
  const records = numbers(100).map((key) => ({ key, value: Buffer.alloc(400, key) }));
  const began = performance.now();
  let longestMs = 0;
  let last = performance.now();
  const watch = setInterval(() => {
    longestMs = Math.max(longestMs, performance.now() - last);
    last = performance.now();
  }, 1);
  for (let round = 0; round < 50; round += 1) await spool.append(topic, records);
  clearInterval(watch);
  const seconds = (performance.now() - began) / 1_000;
  console.info(
    `Spool: ${Math.round(5_000 / seconds)} records/s, the loop waited ${longestMs.toFixed(0)} ms at most.`,
  );
  expect(spool.look().records).toBe(5_000);
});

describe('kill -9', () => {
  const source = `
    import { openSpool } from './src/spool/index.ts';
    import { LogUnavailableError } from './src/index.ts';
    import { createMetrics } from '@medley/service';
    import { silentLogger } from '@medley/testing';
    const [folder, round] = process.argv.slice(1);
    // It goes away and comes back; what it has taken, it tells.
    const away = () => Math.floor(performance.now() / 50) % 2 === 0;
    const log = {
      append: async (topic, records) => {
        if (away()) throw new LogUnavailableError('away');
        for (const { key } of records) process.stdout.write('STORED ' + key + ' end\\n');
        return [];
      },
      ping: async () => { if (away()) throw new LogUnavailableError('away'); },
    };
    const options = { maxBytes: 50_000_000, metrics: createMetrics(), logger: silentLogger };
    const spool = await openSpool({ folder, log, ...options });
    for (let count = 0; ; count += 1) {
      const key = round + '-' + count;
      const { kept: answer } = await spool.append('kill', [{ key, value: Buffer.from(key) }]);
      if (answer === 'DEFERRED') process.stdout.write('KEPT ' + key + ' end\\n');
    }
  `;

  it('loses nothing that was deferred, wherever it strikes', async () => {
    await spool.stop();
    const stored = new Set<string>();
    const kept = new Set<string>();
    for (let round = 0; round < 4; round += 1) {
      const child = startChild(source, [folder, String(round)]);
      const keeps = () => child.lines.filter((line) => line.startsWith('KEPT')).length;
      await expect.poll(keeps, patience).toBeGreaterThan(50 + Math.random() * 300);
      await child.kill();
      for (const line of child.lines) {
        const [what, key, end] = line.split(' ');
        if (end === 'end' && key) (what === 'KEPT' ? kept : stored).add(key);
      }
    }
    spool = await open(50_000_000);
    await expect.poll(() => spool.look().records, patience).toBe(0);
    for (const { key } of log.stored) stored.add(key);
    expect([...kept].filter((key) => !stored.has(key))).toEqual([]);
    expect(kept.size).toBeGreaterThan(200);
  });
});

it('drains into a real log', async () => {
  await spool.stop();
  const events = await openEmbeddedEventLog({ folder: join(folder, 'log'), logger: silentLogger });
  let away = true;
  const flaky: Pick<EventLog, 'append' | 'ping'> = {
    append: (name, records) =>
      away ? Promise.reject(new LogUnavailableError('away')) : events.append(name, records),
    ping: (timeoutMs) => (away ? Promise.reject(new LogUnavailableError('away')) : events.ping(timeoutMs)),
  };
  const options = { maxBytes: 1_000_000, metrics: createMetrics(), logger: silentLogger };
  spool = await openSpool({ folder: join(folder, 'spool'), log: flaky, ...options });
  await events.admin.ensureTopics([{ name: topic, partitions: 1, retentionMs: 86_400_000 }]);
  await append(...numbers(700));
  away = false;
  await expect.poll(() => spool.look().records, patience).toBe(0);
  const read = await events.admin.read(topic, 0, 0n, 1_000);
  expect(read.map(({ value }) => String(value))).toEqual(numbers(700));
  expect(read[0]?.headers).toEqual({ of: 'r0' });
  await spool.stop();
  await events.close();
});
