import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { findFreePort } from '@medley/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { highlightsOf } from '../../src/adapters/meilisearch/highlights.ts';
import { hasWords, plainText } from '../../src/adapters/meilisearch/questions.ts';
import { createMeilisearchIndex } from '../../src/adapters/meilisearch-index.ts';
import { IndexUnavailableError } from '../../src/domain/search-index.ts';
import { aDocument } from '../documents.ts';
import { aQuery, everyone, marked } from '../indexes-under-test.ts';

/** What a request to the server was. */
interface Asked {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

let server: Server | undefined;
const asked: Asked[] = [];

/** A Meilisearch that answers as it is told. */
async function standIn(answer: (request: Asked, response: ServerResponse) => void): Promise<string> {
  asked.length = 0;
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : null;
    const { url: path = '', headers } = request;
    asked.push({ path, headers, body });
    answer({ path, headers, body }, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function say(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

describe('an index on a Meilisearch', () => {
  it.each<readonly [string, (index: ReturnType<typeof createMeilisearchIndex>) => Promise<unknown>]>([
    ['a search', ({ index }) => index.search([aQuery('track', 'love')])],
    ['a suggestion', ({ index }) => index.suggest({ prefix: 'lo', audience: everyone, limit: 8 })],
    ['its state', ({ index }) => index.readState()],
  ])('that hangs: %s is unavailable after the timeout', async (_what, ask) => {
    const url = await standIn(() => {});
    const startedAt = performance.now();
    const error = await failureOf(ask(createMeilisearchIndex({ url, timeoutMs: 200 })));
    expect(error).toBeInstanceOf(IndexUnavailableError);
    expect(error).toMatchObject({ timedOut: true });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it('that hangs in the middle of its answer is unavailable after the timeout', async () => {
    const url = await standIn((_request, response) => response.writeHead(200).write('{"results": ['));
    const { index } = createMeilisearchIndex({ url, timeoutMs: 200 });
    expect(await failureOf(index.search([aQuery('track', 'love')]))).toMatchObject({ timedOut: true });
  });

  it.each<readonly [string, (response: ServerResponse) => void]>([
    ['fails', (response) => say(response, { message: 'broken', code: 'internal', type: 'internal' }, 500)],
    [
      'refuses the key',
      (response) => say(response, { message: 'no', code: 'invalid_api_key', type: 'auth' }, 403),
    ],
    ['hangs up', (response) => response.destroy()],
    ['says nothing that can be read', (response) => response.writeHead(502).end('<html>Bad gateway</html>')],
  ])('that %s is unavailable, and its address is told to nobody', async (_what, answer) => {
    const url = await standIn((_request, response) => answer(response));
    const { index, writer } = createMeilisearchIndex({ url, apiKey: 'a very secret key' });
    for (const work of [
      () => index.search([aQuery('track', 'love')]),
      () => index.suggest({ prefix: 'lo', audience: everyone, limit: 8 }),
      () => index.readState(),
      () => writer.beginRebuild(),
      () => writer.write({ put: [aDocument('track', 'Love')], remove: [], positions: {} }),
    ]) {
      const error = (await failureOf(work())) as Error;
      expect(error).toBeInstanceOf(IndexUnavailableError);
      expect(error).toMatchObject({ timedOut: false });
      expect(error.message).not.toMatch(/127\.0\.0\.1|secret/);
    }
  });

  it('that is not there is unavailable', async () => {
    const { index } = createMeilisearchIndex({ url: `http://127.0.0.1:${await findFreePort()}` });
    const error = await failureOf(index.search([aQuery('track', 'love')]));
    expect(error).toBeInstanceOf(IndexUnavailableError);
    expect(error).toMatchObject({ timedOut: false });
  });

  it('is asked once for all queries, with the key, and for an answer that is not compressed', async () => {
    const url = await standIn((_request, response) =>
      say(response, { results: [{ hits: [] }, { hits: [] }, { hits: [] }] }),
    );
    const { index } = createMeilisearchIndex({ url, apiKey: 'a key', prefix: 'here_' });
    await index.search([aQuery('track', 'love'), aQuery('artist', 'love')]);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.headers).toMatchObject({ authorization: 'Bearer a key', 'accept-encoding': 'identity' });
    const { queries } = (asked[0] as Asked).body as { queries: { indexUid: string }[] };
    expect(queries.map(({ indexUid }) => indexUid)).toEqual(['here_state', 'here_track', 'here_artist']);
  });

  it('is not asked for what has no words: it would find everything', async () => {
    const url = await standIn((_request, response) => say(response, { results: [{ hits: [] }] }));
    const { index } = createMeilisearchIndex({ url });
    expect(await index.search([aQuery('track', '!?')])).toEqual([{ hits: [], facets: null, generation: '' }]);
    expect(await index.suggest({ prefix: '-', audience: everyone, limit: 8 })).toEqual([]);
    expect(asked.map(({ body }) => (body as { queries: unknown[] }).queries.length)).toEqual([1]);
  });

  it('notes no position when a task before it failed', async () => {
    const state = [{ id: 'index', generation: 'one', builtAt: '2026-01-01T00:00:00Z' }];
    const url = await standIn(({ path }, response) => {
      if (path.startsWith('/tasks/')) {
        return say(response, {
          uid: 1,
          status: 'failed',
          type: 'documentAdditionOrUpdate',
          error: { message: 'disk full' },
        });
      }
      if (path.startsWith('/stats')) return say(response, { indexes: {} });
      if (path.startsWith('/indexes/medley_state/documents')) return say(response, { results: state });
      return say(response, { taskUid: 1, status: 'enqueued', type: 'documentAdditionOrUpdate' }, 202);
    });
    const { writer } = createMeilisearchIndex({ url });
    const error = await failureOf(
      writer.write({ put: [aDocument('track', 'Love')], remove: [], positions: { catalog: '2' } }),
    );
    expect(error).toBeInstanceOf(IndexUnavailableError);
    expect(String(error)).toContain('disk full');
    expect(asked.filter(({ body }) => JSON.stringify(body)?.includes('position-catalog'))).toEqual([]);
  });
});

describe('what Meilisearch marked', () => {
  const mark = (title: string, ...matches: { start: number; length: number }[]) =>
    marked({
      id: '',
      kind: 'track',
      title,
      highlights: highlightsOf(title, matches),
      score: 1,
      popularity: 0,
    });

  it('is counted in UTF-16 units instead of bytes', () => {
    expect(mark('Daft Punk', { start: 5, length: 4 }, { start: 0, length: 4 })).toBe('[Daft] [Punk]');
    expect(mark('Beyoncé', { start: 0, length: 8 })).toBe('[Beyoncé]');
    expect(mark('🎸 Solo', { start: 5, length: 4 })).toBe('🎸 [Solo]');
    expect(mark('周杰倫', { start: 3, length: 3 })).toBe('周[杰]倫');
  });

  it('is found again where letters were put in plain ones', () => {
    // `Strasse` was marked, which is the `Straße` of the title.
    expect(mark('Die Straße', { start: 4, length: 7 })).toBe('Die [Straße]');
    expect(mark('Die Straße', { start: 4, length: 5 })).toBe('Die [Straß]e');
    expect(mark('Ægir', { start: 0, length: 1 })).toBe('[Æ]gir');
  });

  it('is one part where parts overlap, and ends with the title', () => {
    expect(mark('Hello', { start: 0, length: 2 }, { start: 1, length: 3 })).toBe('[Hell]o');
    expect(mark('Hello', { start: 3, length: 99 })).toBe('Hel[lo]');
    expect(mark('Hello')).toBe('Hello');
  });
});

describe('what Meilisearch is asked', () => {
  it('has no signs that it would take for instructions', () => {
    expect(plainText('"daft punk" -live')).toBe(' daft punk  live');
    expect(plainText('– Jay-Z –')).toBe(' Jay-Z ');
    expect(plainText('Łódź Straße')).toBe('Lódź Strasse');
  });

  it('has words', () => {
    expect(['!?', '-', '♡', ' '].map(hasWords)).toEqual([false, false, false, false]);
    expect(['a', '1', '周', 'é'].map(hasWords)).toEqual([true, true, true, true]);
  });
});
