import { mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import type { silentLogger } from '@medley/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type MiniSearchIndexOptions, openMiniSearchIndex } from '../../src/adapters/minisearch-index.ts';
import { IndexUnavailableError } from '../../src/domain/search-index.ts';
import { aDocument } from '../documents.ts';
import { aQuery, build, type IndexUnderTest, titles } from '../indexes-under-test.ts';

// So that a thread can be made to end.
const workers: Worker[] = [];
const noteWorker = (worker: Worker) => workers.push(worker);

let folder: string;
const opened: IndexUnderTest[] = [];
const lines: { level: string; message: string }[] = [];
const log =
  (level: string) =>
  (_facts: unknown, message: string): void => {
    lines.push({ level, message });
  };
const logger = {
  info: log('info'),
  warn: log('warn'),
  error: log('error'),
} as unknown as typeof silentLogger;

async function openIndex(options: Partial<MiniSearchIndexOptions> = {}): Promise<IndexUnderTest> {
  const index = await openMiniSearchIndex({ folder, logger, timeoutMs: 30_000, ...options });
  opened.push(index);
  return index;
}

async function find({ index }: IndexUnderTest, text: string): Promise<string[]> {
  const [page] = await index.search([aQuery('track', text)]);
  return titles(page?.hits ?? []);
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-search-'));
  workers.length = 0;
  lines.length = 0;
  process.on('worker', noteWorker);
});
afterEach(async () => {
  process.off('worker', noteWorker);
  for (const index of opened.splice(0)) await index.close();
  await rm(folder, { recursive: true, force: true });
});

const file = () => join(folder, 'search.index');
const song = aDocument('track', 'Ålesund Æther', {
  artistNames: ['Nobody'],
  albumTitle: 'Nothing',
  markets: ['NO', 'SE'],
  genreIds: ['genre_1'],
  decade: 1990,
  explicit: true,
  popularity: 42,
});

describe('an embedded index in a folder', () => {
  it('is there again after a restart: documents, facets, markets, positions, generation', async () => {
    const first = await openIndex();
    await build(first.writer, [song, aDocument('artist', '周杰倫'), aDocument('track', 'Gone')], {
      catalog: '3-1',
    });
    await first.writer.write({
      put: [aDocument('track', 'Later')],
      remove: [],
      positions: { catalog: '4-1' },
    });
    const state = await first.writer.readState();
    const query = aQuery('track', 'alesund', { facets: true });
    const found = await first.index.search([query, aQuery('artist', '杰')]);
    await first.close();

    const second = await openIndex();
    expect(await second.writer.readState()).toEqual(state);
    expect(await second.index.search([query, aQuery('artist', '杰')])).toEqual(found);
    expect(found[0]?.hits).toHaveLength(1);
    expect(await find(second, 'later')).toEqual(['Later']);
    const audience = (market: string) => ({ audience: { market, explicit: true } });
    const [se, de] = await second.index.search([
      aQuery('track', 'alesund', audience('SE')),
      aQuery('track', 'alesund', audience('DE')),
    ]);
    expect([se?.hits.length, de?.hits.length]).toEqual([1, 0]);
  });

  it('goes on changing after a restart', async () => {
    const first = await openIndex();
    const songs = Array.from({ length: 1_300 }, (_, number) => aDocument('track', `Song ${number}`));
    await build(first.writer, songs);
    await first.writer.write({ put: [], remove: songs.slice(0, 1_250).map(({ id }) => id), positions: {} });
    await first.close();
    const second = await openIndex();
    await second.writer.write({
      put: [song, { ...songs[1_299], title: 'Tune' } as typeof song],
      remove: [],
      positions: {},
    });
    expect((await second.writer.readState()).counts.track).toBe(51);
    expect(await find(second, 'aether')).toEqual(['Ålesund Æther']);
    expect(await find(second, 'tune')).toEqual(['Tune']);
    expect(await find(second, 'song 1299')).not.toContain('Song 1299');
    expect(await find(second, 'song 3')).not.toContain('Song 3');
  });

  it('is written after a rebuild and every now and then, aside first', async () => {
    const index = await openIndex({ snapshotIntervalMs: 50 });
    await build(index.writer, [song]);
    const { mtimeMs } = await stat(file());
    await index.writer.write({ put: [aDocument('track', 'Later')], remove: [], positions: {} });
    await vi.waitUntil(async () => (await stat(file())).mtimeMs > mtimeMs, { timeout: 20_000 });
    const after = (await stat(file())).mtimeMs;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await stat(file())).mtimeMs).toBe(after);
    await expect(stat(`${file()}.new`)).rejects.toThrow('ENOENT');
  });

  it.each<readonly [string, (content: Buffer) => Buffer]>([
    ['cut off', (content) => content.subarray(0, content.length - 20)],
    ['empty', () => Buffer.alloc(0)],
    [
      'changed by one bit',
      (content) =>
        Buffer.from(content).fill(
          (content[content.length >> 1] as number) ^ 1,
          content.length >> 1,
          (content.length >> 1) + 1,
        ),
    ],
    ['something else', () => Buffer.from('{"hello": "world"}'.repeat(100))],
  ])('begins anew, and says why, when the file is %s', async (_what, damage) => {
    const first = await openIndex();
    await build(
      first.writer,
      Array.from({ length: 50 }, () => song),
    );
    await first.close();
    await writeFile(file(), damage(await readFile(file())));

    const second = await openIndex();
    expect((await second.writer.readState()).generation).toBeNull();
    expect(await find(second, 'aether')).toEqual([]);
    expect(lines).toContainEqual({
      level: 'warn',
      message: 'search index on disk cannot be used and has to be built again',
    });
    await build(second.writer, [song]);
    await second.close();
    expect(await find(await openIndex(), 'aether')).toEqual(['Ålesund Æther']);
  });

  it('begins anew when the file is of another format', async () => {
    const first = await openIndex();
    await build(first.writer, [song]);
    await first.close();
    const { writeFrame, readFrame } = await import('../../src/adapters/minisearch/snapshot-frames.ts');
    const content = await readFile(file());
    const handle = await open(file(), 'r+');
    const head = JSON.parse(new TextDecoder().decode(await readFrame(handle)));
    await handle.close();
    const again = await open(file(), 'w');
    await writeFrame(again, Buffer.from(JSON.stringify({ ...head, format: 0 })));
    await again.writeFile(content.subarray(8 + content.readUInt32LE(0)));
    await again.close();
    expect((await (await openIndex()).writer.readState()).generation).toBeNull();
  });

  it('goes on answering when it cannot be saved', async () => {
    await writeFile(join(folder, 'no-folder'), '');
    const index = await openIndex({ folder: join(folder, 'no-folder') });
    await build(index.writer, [song]);
    expect(await find(index, 'aether')).toEqual(['Ålesund Æther']);
    expect(lines).toContainEqual({ level: 'error', message: 'search index could not be saved' });
  });
});

describe('an embedded index whose thread ends', () => {
  it('says so to those who wait, and comes back as it was on disk', async () => {
    const index = await openIndex();
    await build(index.writer, [song], { catalog: '1' });
    const saved = await index.writer.readState();
    await index.writer.write({
      put: [aDocument('track', 'Unsaved')],
      remove: [],
      positions: { catalog: '2' },
    });

    const searching = index.index.search([aQuery('track', 'aether')]);
    const [worker] = workers;
    const ended = worker?.terminate();
    await expect(searching).rejects.toThrow(IndexUnavailableError);
    await ended;
    await vi.waitUntil(() => workers.length === 2, { timeout: 20_000 });
    await vi.waitUntil(
      () =>
        find(index, 'aether').then(
          (found) => found.length === 1,
          () => false,
        ),
      { timeout: 20_000 },
    );

    expect(await find(index, 'unsaved')).toEqual([]);
    // Who goes on from where it thinks the index is would leave a hole.
    const changes = { put: [], remove: [], positions: { catalog: '3' } };
    await expect(index.writer.write(changes)).rejects.toThrow(IndexUnavailableError);
    const state = await index.writer.readState();
    expect(state.positions).toEqual({ catalog: '1' });
    expect(state.generation).not.toBe(saved.generation);
    await index.writer.write(changes);
    expect((await index.writer.readState()).positions).toEqual({ catalog: '3' });
  });

  it('loses a rebuild that was under way, and takes another', async () => {
    const index = await openIndex();
    const fresh = await index.writer.beginRebuild();
    await workers[0]?.terminate();
    await vi.waitUntil(() => workers.length === 2, { timeout: 20_000 });
    await expect(fresh.write({ put: [song], remove: [], positions: {} })).rejects.toThrow(
      IndexUnavailableError,
    );
    await expect(fresh.swap()).rejects.toThrow(IndexUnavailableError);
    await fresh.discard();
    await build(index.writer, [song]);
    expect(await find(index, 'aether')).toEqual(['Ålesund Æther']);
  });

  it('is not started again after closing', async () => {
    const index = await openIndex();
    await index.close();
    await index.close();
    await expect(find(index, 'aether')).rejects.toThrow(IndexUnavailableError);
    expect(workers).toHaveLength(1);
  });
});

describe('an embedded index that is busy', () => {
  it('is unavailable after its timeout, and does not do what nobody waits for', async () => {
    const index = await openIndex({ timeoutMs: 60, folder: null });
    await build(index.writer, [song]);
    const fresh = await index.writer.beginRebuild();
    const many = Array.from({ length: 30_000 }, (_, number) =>
      aDocument('track', `Song ${number} of many words`),
    );
    const writing = fresh.write({ put: many, remove: [], positions: {} });
    const startedAt = performance.now();
    const error = await find(index, 'aether').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(IndexUnavailableError);
    expect(error).toMatchObject({ timedOut: true });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    await writing;
  });

  it('leaves the process free meanwhile', async () => {
    const index = await openIndex({ folder: null });
    const many = Array.from({ length: 20_000 }, (_, number) =>
      aDocument('track', `Song ${number} of many words`),
    );
    const fresh = await index.writer.beginRebuild();
    const writing = fresh.write({ put: many, remove: [], positions: {} });
    let turns = 0;
    let over = false;
    const counting = (async () => {
      while (!over) {
        await new Promise((resolve) => setImmediate(resolve));
        turns += 1;
      }
    })();
    await writing;
    over = true;
    await counting;
    expect(turns).toBeGreaterThan(100);
  });
});
