import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@medley/testing';
import { ClassicLevel } from 'classic-level';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type EmbeddedEventLog, openEmbeddedEventLog } from '../src/embedded/index.ts';
import { murmur2, partitionOf } from '../src/embedded/partitioner.ts';
import { LogUnavailableError, type StoredRecord } from '../src/index.ts';
import { startChild } from './killed-child.ts';

const day = 86_400_000;
const plays = { name: 'test.plays.v1', partitions: 2, retentionMs: day };
const state = { name: 'test.state.v1', partitions: 1, retentionMs: null };
const patience = { timeout: 20_000, interval: 10 };

let folder: string;
let log: EmbeddedEventLog;
let now: number;
const open = () => openEmbeddedEventLog({ folder, logger: silentLogger, clock: () => now });
const record = (key: string, value: string | null = key) => ({
  key,
  value: value === null ? null : Buffer.from(value),
});
const textOf = ({ value }: StoredRecord) => (value === null ? null : value.toString());
const onCrash = (error: Error) => {
  throw error;
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'event-log-'));
  now = Date.parse('2026-01-01T00:00:00Z');
  log = await open();
  await log.admin.ensureTopics([plays, state]);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await log.close();
  await rm(folder, { recursive: true });
});

async function readAll(topic: string, partition = 0): Promise<StoredRecord[]> {
  const records: StoredRecord[] = [];
  for (;;) {
    const page = await log.admin.read(topic, partition, (records.at(-1)?.offset ?? -1n) + 1n, 1_000);
    if (page.length === 0) return records;
    records.push(...page);
  }
}

it('can be open only once, and says so', async () => {
  await expect(open()).rejects.toThrow(`the event log in ${folder} is open already`);
  await log.close();
  log = await open();
  expect(await log.admin.offsets(plays.name)).toHaveLength(2);
});

it('puts keys where the clients of Kafka put them', () => {
  // From the tests of Kafka's own clients.
  const known = { '21': -973932308, foobar: -790332482, 'a-little-bit-long-string': -985981536 };
  for (const [key, hash] of Object.entries(known)) expect(murmur2(Buffer.from(key))).toBe(hash);
  expect(partitionOf('foobar', 12)).toBe((-790332482 & 0x7fffffff) % 12);
});

it('writes calls that come together as one batch', async () => {
  const batch = vi.spyOn(ClassicLevel.prototype, 'batch');
  await Promise.all(Array.from({ length: 100 }, (_, index) => log.append(plays.name, [record(`k${index}`)])));
  expect(batch).toHaveBeenCalledTimes(1);
  expect(batch).toHaveBeenCalledWith(expect.anything(), expect.objectContaining({ sync: true }));
});

it('hands a partition to one member at a time, in its order, while members come and go', async () => {
  const inHand = new Set<number>();
  const last = new Map<number, bigint>();
  const faults: string[] = [];
  const join = () =>
    log.subscribe({
      ...{ group: 'g', topics: [plays.name], maxBatch: 7, onCrash },
      handle: async ({ partition, records }) => {
        if (inHand.has(partition)) faults.push(`two at a time in ${partition}`);
        inHand.add(partition);
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
        for (const { offset } of records) {
          if (offset !== (last.get(partition) ?? -1n) + 1n)
            faults.push(`${offset} after ${last.get(partition)}`);
          last.set(partition, offset);
        }
        inHand.delete(partition);
      },
    });
  const members = [await join()];
  for (let round = 0; round < 30; round += 1) {
    await log.append(
      plays.name,
      Array.from({ length: 40 }, (_, index) => record(`${round}-${index}`)),
    );
    if (members.length < 3) members.push(await join());
    else await members.shift()?.stop();
  }
  const left = async () =>
    (await log.admin.positions('g', [plays.name])).reduce((sum, { lag }) => sum + lag, 0n);
  await expect.poll(left, patience).toBe(0n);
  expect(faults).toEqual([]);
  expect([...last.values()].reduce((sum, offset) => sum + offset + 1n, 0n)).toBe(1_200n);
});

it('hands a partition over after ten seconds of silence, and lets the late one commit nothing', async () => {
  // Of two members the second gets the second partition.
  const key = ['a', 'b', 'c', 'd', 'e', 'f'].find((each) => partitionOf(each, 2) === 1) ?? '';
  await log.append(plays.name, [record(key)]);
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    let began = 0;
    const member = { group: 'g', topics: [plays.name], onCrash };
    const silent = async () => {
      began += 1;
      await released;
    };
    const first = await log.subscribe({ ...member, handle: silent });
    await expect.poll(() => began, patience).toBe(1);
    const got: (string | null)[] = [];
    let failing = true;
    const second = await log.subscribe({
      ...member,
      handle: async ({ records }) => {
        got.push(...records.map(textOf));
        if (failing) throw new Error('not yet');
      },
    });
    vi.setSystemTime(Date.now() + 11_000);
    await expect.poll(() => got[0], patience).toBe(key);
    release();
    await first.stop();
    await new Promise(setImmediate);
    // Commits are written in their turn, so this comes after what the late one might have committed.
    await log.admin.setPositions('other', plays.name, [{ partition: 0, offset: 0n }]);
    expect(await log.admin.positions('g', [plays.name])).toMatchObject([{}, { committed: null, lag: 1n }]);
    failing = false;
    await expect
      .poll(() => log.admin.positions('g', [plays.name]), patience)
      .toMatchObject([{}, { lag: 0n }]);
    await second.stop();
  } finally {
    release();
    vi.useRealTimers();
  }
});

describe('retention', () => {
  it('deletes what is older than the topic keeps, and says where it begins', async () => {
    await log.append(
      plays.name,
      Array.from({ length: 300 }, (_, index) => record(`old${index}`)),
    );
    now += day / 2;
    await log.append(
      plays.name,
      Array.from({ length: 50 }, (_, index) => record(`new${index}`)),
    );
    const before = await log.admin.offsets(plays.name);
    now += day / 2 + 1;
    await log.maintain();
    const after = await log.admin.offsets(plays.name);
    expect(after.map(({ high }) => high)).toEqual(before.map(({ high }) => high));
    expect(after.reduce((sum, { low, high }) => sum + high - low, 0n)).toBe(50n);
    const left = [...(await readAll(plays.name, 0)), ...(await readAll(plays.name, 1))];
    expect(left.every(({ key }) => key.startsWith('new'))).toBe(true);
    expect(left).toHaveLength(50);
  });

  it('does not use an offset twice when nothing is left', async () => {
    const [before] = await log.append(plays.name, [record('k')]);
    now += 2 * day;
    await log.maintain();
    await log.close();
    log = await open();
    const [after] = await log.append(plays.name, [record('k')]);
    expect(after).toEqual({ ...before, offset: (before?.offset ?? 0n) + 1n });
  });

  it('lets a group that was away too long go on with what is left', async () => {
    await log.append(plays.name, [record('k', 'old')]);
    now += 2 * day;
    await log.append(plays.name, [record('k', 'new')]);
    await log.maintain();
    const got: StoredRecord[] = [];
    const positions = [0, 1].map((partition) => ({ partition, offset: 0n }));
    await log.admin.setPositions('late', plays.name, positions);
    await log.subscribe({
      ...{ group: 'late', topics: [plays.name], onCrash },
      handle: async ({ records }) => void got.push(...records),
    });
    await expect.poll(() => got.map(textOf), patience).toEqual(['new']);
  });

  it('tidies at the start, also what it was killed over', async () => {
    await log.append(
      plays.name,
      Array.from({ length: 100 }, (_, index) => record(`k${index}`)),
    );
    await log.close();
    now += 2 * day;
    log = await open();
    const size = async () =>
      (await log.admin.offsets(plays.name)).reduce((sum, { low, high }) => sum + high - low, 0n);
    await expect.poll(size, patience).toBe(0n);
  });
});

describe('compaction', () => {
  it('keeps the last record of each key, over many rounds and starts', async () => {
    const expected = new Map<string, string>();
    for (let round = 0; round < 4; round += 1) {
      const records = Array.from({ length: 1_500 }, (_, index) => {
        const key = `k${(index * 7 + round * 13) % 400}`;
        expected.set(key, `${round}/${index}`);
        return record(key, `${round}/${index}`);
      });
      await log.append(state.name, records);
      if (round % 2 === 0) await log.maintain();
      await log.close();
      log = await open();
    }
    await log.maintain();
    const left = await readAll(state.name);
    expect(new Map(left.map((each) => [each.key, textOf(each)]))).toEqual(expected);
    expect(left).toHaveLength(400);
  });

  it('forgets a key a day after its tombstone', async () => {
    await log.append(state.name, [record('gone', 'there'), record('stays', 'there')]);
    await log.append(state.name, [record('gone', null)]);
    await log.maintain();
    expect((await readAll(state.name)).map(textOf)).toEqual(['there', null]);
    now += day + 1;
    await log.maintain();
    expect((await readAll(state.name)).map(({ key }) => key)).toEqual(['stays']);
    await log.append(state.name, [record('gone', 'again')]);
    await log.maintain();
    expect((await readAll(state.name)).map(textOf)).toEqual(['there', 'again']);
  });

  it('keeps a key that came back after its tombstone', async () => {
    await log.append(state.name, [record('k', 'old'), record('k', null)]);
    await log.maintain();
    await log.append(state.name, [record('k', 'back')]);
    now += day + 1;
    await log.maintain();
    expect((await readAll(state.name)).map(textOf)).toEqual(['back']);
    await log.append(state.name, [record('k', 'newer')]);
    await log.maintain();
    expect((await readAll(state.name)).map(textOf)).toEqual(['newer']);
  });

  it('lets groups and tails step over what is gone', async () => {
    await log.append(
      state.name,
      Array.from({ length: 600 }, (_, index) => record('k', `${index}`)),
    );
    await log.append(state.name, [record('k', null)]);
    await log.maintain();
    now += day + 1;
    await log.maintain();
    expect(await readAll(state.name)).toEqual([]);
    let caughtUp = false;
    await log.tail({
      ...{ topic: state.name, from: 'beginning', onCrash },
      handle: () => {},
      onCaughtUp: () => {
        caughtUp = true;
      },
    });
    await expect.poll(() => caughtUp, patience).toBe(true);
    await log.subscribe({ group: 'g', topics: [state.name], handle: async () => {}, onCrash });
    await expect.poll(() => log.admin.positions('g', [state.name]), patience).toMatchObject([{ lag: 0n }]);
  });
});

describe('a disk that fails', () => {
  it('is told, and the log comes back by itself with all it had confirmed', async () => {
    await log.append(plays.name, [record('k', 'before')]);
    const got: (string | null)[] = [];
    await log.subscribe({
      ...{ group: 'g', topics: [plays.name], onCrash },
      handle: async ({ records }) => void got.push(...records.map(textOf)),
    });
    await expect.poll(() => got, patience).toEqual(['before']);

    vi.spyOn(ClassicLevel.prototype, 'batch').mockRejectedValueOnce(new Error('no space left on device'));
    await expect(log.append(plays.name, [record('k', 'lost')])).rejects.toThrow(LogUnavailableError);
    await expect
      .poll(
        () =>
          log.ping(1_000).then(
            () => true,
            () => false,
          ),
        patience,
      )
      .toBe(true);
    const [place] = await log.append(plays.name, [record('k', 'after')]);
    expect(place?.offset).toBe(1n);
    await expect.poll(() => got, patience).toEqual(['before', 'after']);
  });
});

it('does not fill the disk to the last byte', async () => {
  await log.close();
  const keepFreeBytes = Number.MAX_SAFE_INTEGER;
  log = await openEmbeddedEventLog({ folder, logger: silentLogger, keepFreeBytes });
  await expect(log.append(plays.name, [record('k')])).rejects.toThrow('the disk of the event log is full');
  expect(await log.admin.offsets(plays.name)).toHaveLength(2);
});

describe('kill -9', () => {
  const source = `
    import { openEmbeddedEventLog } from './src/embedded/index.ts';
    import { silentLogger } from '@medley/testing';
    const [folder, round] = process.argv.slice(1);
    const log = await openEmbeddedEventLog({ folder, logger: silentLogger });
    await log.admin.ensureTopics([{ name: 'kill', partitions: 3, retentionMs: null }]);
    let count = 0;
    const work = async () => {
      for (;;) {
        const values = Array.from({ length: 1 + (count % 20) }, () => round + '-' + count++);
        const records = values.map((value) => ({ key: value, value: Buffer.from(value) }));
        const places = await log.append('kill', records);
        const told = places.map(({ partition, offset }, index) => values[index] + ' ' + partition + ' ' + offset);
        process.stdout.write(told.join('\\n') + '\\n');
      }
    };
    for (let each = 0; each < 4; each += 1) void work();
    // Writing with gaps in it: compaction is under way when the end comes.
    for (;;) await log.maintain();
  `;

  it('loses nothing that was confirmed, gives no place twice, wherever it strikes', async () => {
    await log.close();
    const acknowledged = new Map<string, string>();
    for (let round = 0; round < 4; round += 1) {
      const child = startChild(source, [folder, String(round)]);
      await expect.poll(() => child.lines.length, patience).toBeGreaterThan(200 + Math.random() * 2_000);
      await child.kill();
      for (const line of child.lines) {
        const [value, partition, offset] = line.split(' ');
        // The last line may be torn.
        if (offset !== undefined && value) acknowledged.set(value, `${partition} ${offset}`);
      }
      log = await open();
      const stored = new Map<string, string>();
      const places = new Set<string>();
      for (let partition = 0; partition < 3; partition += 1) {
        for (const each of await readAll('kill', partition)) {
          const place = `${each.partition} ${each.offset}`;
          expect(places.has(place)).toBe(false);
          places.add(place);
          stored.set(textOf(each) ?? '', place);
        }
      }
      const missing = [...acknowledged.keys()].filter((value) => !stored.has(value));
      expect(missing).toEqual([]);
      await log.close();
    }
    log = await open();
  });
});
