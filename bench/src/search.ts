import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMeilisearchIndex } from '@medley/search/adapters/meilisearch-index';
import { openMiniSearchIndex } from '@medley/search/adapters/minisearch-index';
import type { SearchDocument } from '@medley/search/domain/search-document';
import type { IndexWriter, SearchIndex } from '@medley/search/domain/search-index';
import { createLogger } from '@medley/service';
import { createRandom } from './random.ts';
import { catalogSize, generateLibrary } from './search/library.ts';
import { searchScreen, someQueries, someTyping } from './search/questions.ts';

/**
 * `npm run bench:search -- [documents …]`: how long a search screen (four kinds, facets) and a suggestion at each key take,
 * one after another, in an index of invented documents: as many as a catalog with 63,471 tracks has, and a million, unless
 * told otherwise. Beside it a floor from the same run: the way to the index's thread and back, or a bare HTTP request
 * to the Meilisearch that `MEILISEARCH_URL` names (left out without it).
 */
const sizes = process.argv.slice(2).map(Number);
const [searches, keys, floors] = [500, 2_000, 2_000];
const logger = createLogger('bench', 'warn');

for (const size of sizes.length > 0 ? sizes : [catalogSize, 1_000_000]) {
  if (!(size >= 1_000 && size <= 5_000_000))
    throw new RangeError(`documents must be 1,000 to 5,000,000, got ${size}`);
  await benchMiniSearch(size);
  const { MEILISEARCH_URL: url } = process.env;
  if (url) await benchMeilisearch(size, url);
  else console.log('Meilisearch is left out, as MEILISEARCH_URL is not set.');
}

async function benchMiniSearch(size: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'medley-bench-'));
  const options = { folder, logger, timeoutMs: 60_000, writeTimeoutMs: 600_000 };
  try {
    const before = process.memoryUsage().rss;
    const built = await openMiniSearchIndex(options);
    const names = await build('MiniSearch', built.writer, size);
    await built.close();

    const startedAt = performance.now();
    const { index, close } = await openMiniSearchIndex(options);
    const loadedMs = performance.now() - startedAt;
    const { size: bytes } = await stat(join(folder, 'search.index'));
    console.log(`  on disk ${megabytes(bytes)}, opened again in ${(loadedMs / 1_000).toFixed(1)} s`);
    await run('MiniSearch', index, names, 'to its thread and back', () => index.search([]));
    console.log(`  the process holds ${megabytes(process.memoryUsage().rss - before)} more than before`);
    await close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function benchMeilisearch(size: number, url: string): Promise<void> {
  const { index, writer, remove } = createMeilisearchIndex({
    url,
    apiKey: process.env.MEILISEARCH_API_KEY,
    prefix: `bench_${randomUUID()}_`,
    timeoutMs: 60_000,
    taskTimeoutMs: 1_800_000,
  });
  try {
    const names = await build('Meilisearch', writer, size);
    await run('Meilisearch', index, names, 'bare HTTP', async () =>
      (await fetch(new URL('/health', url))).text(),
    );
  } finally {
    await remove();
  }
}

/** @returns some of the titles */
async function build(name: string, writer: IndexWriter, size: number): Promise<string[]> {
  const startedAt = performance.now();
  const seconds = () => ((performance.now() - startedAt) / 1_000).toFixed(1);
  const fresh = await writer.beginRebuild();
  const names: string[] = [];
  let written = 0;
  for (const page of generateLibrary(size, 1_000)) {
    await fresh.write({ put: page, remove: [], positions: {} });
    written += page.length;
    names.push((page[page.length >> 1] as SearchDocument).title);
    if (written % 100_000 < 1_000) console.log(`  ${name}: ${written} documents written, ${seconds()} s`);
  }
  await fresh.swap();
  console.log(`${name}, ${written} documents: built in ${seconds()} s`);
  return names;
}

async function run(
  name: string,
  index: SearchIndex,
  names: readonly string[],
  floorName: string,
  floor: () => Promise<unknown>,
): Promise<void> {
  const random = createRandom(11);
  const screens = someQueries(random, names, searches).map(searchScreen);
  const typing = someTyping(random, names, keys);
  // The first questions pay for compiling.
  for (const screen of screens.slice(0, 50)) await index.search(screen);
  for (const key of typing.slice(0, 200)) await index.suggest(key);

  const rows = [
    await measure(`${name}: a search screen`, screens, (screen) => index.search(screen)),
    await measure(`${name}: a suggestion`, typing, (key) => index.suggest(key)),
    await measure(floorName, Array.from({ length: floors }), floor),
  ];
  const least = rows.at(-1)?.p50 ?? 1;
  console.table(
    rows.map(({ what, p50, p99, most }) => ({
      what,
      'p50 ms': round(p50),
      'p99 ms': round(p99),
      'most ms': round(most),
      'times the floor': round(p50 / least),
    })),
  );
}

async function measure<Question>(
  what: string,
  questions: readonly Question[],
  ask: (question: Question) => Promise<unknown>,
): Promise<{ what: string; p50: number; p99: number; most: number }> {
  const times: number[] = [];
  for (const question of questions) {
    const startedAt = performance.now();
    await ask(question);
    times.push(performance.now() - startedAt);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] as number;
  return { what, p50: at(0.5), p99: at(0.99), most: at(1) };
}

function round(value: number): number {
  return Number(value.toFixed(2));
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_000_000)} MB`;
}
