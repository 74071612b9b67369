import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseEvaluateArguments } from '@medley/recommendations/evaluation/arguments';
import { evaluate } from '@medley/recommendations/evaluation/evaluate';
import { measure } from '@medley/recommendations/evaluation/measure';
import { findObstacle, methodNames } from '@medley/recommendations/evaluation/methods';
import { drawEvaluation } from '@medley/recommendations/evaluation/plot';
import { readTable } from '@medley/recommendations/evaluation/read-table';
import { describeEvaluation, describeSource } from '@medley/recommendations/evaluation/report';
import { splitInteractions } from '@medley/recommendations/evaluation/split';
import { createInteractionsBuilder, rowOf, runAtOnce } from '@medley/recommendations/models/index';
import { describe, expect, it } from 'vitest';
import { matrixOf, plantTastes } from '../models/planted.ts';

describe('a split', () => {
  it('holds out a fifth of each user, and nothing of it is in the training part', () => {
    const { interactions } = plantTastes();
    const { training, heldOut } = splitInteractions(interactions, 1);
    for (let user = 0; user < interactions.userCount; user += 1) {
      const [all, kept, held] = [
        rowOf(interactions, user),
        rowOf(training, user),
        heldOut[user] as Uint32Array,
      ];
      expect(held.length).toBe(Math.round(all.items.length / 5));
      expect(kept.items.length + held.length).toBe(all.items.length);
      expect(held.some((item) => kept.items.includes(item))).toBe(false);
    }
  });

  it('is made by the seed alone', () => {
    const { interactions } = plantTastes();
    expect(splitInteractions(interactions, 1)).toEqual(splitInteractions(interactions, 1));
    expect(splitInteractions(interactions, 2)).not.toEqual(splitInteractions(interactions, 1));
  });

  it('leaves those alone who have too little', () => {
    const { training, heldOut } = splitInteractions(
      matrixOf([
        [
          [0, 1],
          [1, 1],
        ],
        [[0, 1]],
        [],
      ]),
      1,
    );
    expect(heldOut.map(({ length }) => length)).toEqual([0, 0, 0]);
    expect(training.items.length).toBe(3);
  });

  it('does not tell by the numbers of items where they stood in the file', () => {
    // Numbered by the file, what one user has stands together: here all of it next to each other.
    const builder = createInteractionsBuilder();
    for (let item = 0; item < 1_000; item += 1) builder.add(0, item, 1);
    for (let item = 1_000; item < 2_000; item += 1) builder.add(1, item, 1);
    const { training } = splitInteractions(builder.build(), 3);
    const mean = rowOf(training, 0).items.reduce((sum, item) => sum + item, 0) / 800;
    expect(mean).toBeGreaterThan(800);
    expect(mean).toBeLessThan(1_200);
  });
});

describe('measuring', () => {
  it('sees only users of whom something was held out, and gives 1 to one who knows', () => {
    const { interactions } = plantTastes();
    const split = splitInteractions(interactions, 1);
    let user = -1;
    const knowing = {
      score(_: unknown, into: Float64Array) {
        user += 1;
        into.fill(0);
        for (const item of split.heldOut[user] as Uint32Array) into[item] = 1;
      },
    };
    expect(runAtOnce(measure(knowing, split))).toMatchObject({ recall: 1, ndcg: 1 });
  });
});

describe('an evaluation', () => {
  it('measures all methods on the same splits, and its words and its picture tell of it', async () => {
    const { interactions } = plantTastes({ usersEach: 12 });
    const evaluation = await evaluate(interactions, { seeds: 2, methods: methodNames });
    expect(evaluation.results.map(({ method }) => method)).toEqual([...methodNames]);
    const recallOf = (name: string) =>
      evaluation.results.find(({ method }) => method === name)?.metrics[0]?.recall ?? 0;
    for (const name of ['item-knn', 'rp3beta', 'als', 'ease', 'mixture']) {
      expect(recallOf(name), name).toBeGreaterThan(2 * recallOf('popularity'));
    }
    const text = describeEvaluation(evaluation);
    expect(text).toMatch(/popularity +0\.\d{4} ± 0\.\d{4}/);
    expect(text).toContain('over 2 splits; 72 users');
    expect(text).toMatch(
      /Recall of the chosen method beside item-kNN: .*; their intervals (do not )?overlap/,
    );
    const svg = drawEvaluation('a < b & c', evaluation);
    expect(svg).toContain('a &lt; b &amp; c');
    expect(svg.match(/<circle/g)?.length).toBe(2 * methodNames.length);
    expect(svg).not.toContain('NaN');
  });

  it('is the same twice', async () => {
    const { interactions } = plantTastes({ usersEach: 6 });
    const run = () => evaluate(interactions, { seeds: 1, methods: ['mixture'] });
    const [one, other] = [await run(), await run()];
    expect(one.results[0]?.metrics).toEqual(other.results[0]?.metrics);
    expect(one.parameters).toEqual(other.parameters);
  });

  it('says why there is nothing to measure', async () => {
    const nothing = evaluate(matrixOf([[[0, 1]]]), { seeds: 1, methods: ['popularity'] });
    await expect(nothing).rejects.toThrow('no one of 1 users has three items or more');
  });

  it.each([
    ['one user', [100]],
    ['users who leave ten items or fewer', [20, 20, 20]],
    ['users who share nothing', [100, 100]],
  ])('measures nothing for %s, of whom everything or nothing would be found', async (what, sizes) => {
    const shared = what.includes('leave');
    const rows = sizes.map((size, user) =>
      Array.from({ length: size }, (_, at): [number, number] => [shared ? at : user * size + at, 1]),
    );
    const telling = evaluate(matrixOf(rows), { seeds: 1, methods: ['popularity', 'item-knn'] });
    await expect(telling).rejects.toThrow(`nothing can be measured: of ${sizes.length} users`);
  });

  it('stops when it is told to', async () => {
    const { interactions } = plantTastes();
    const stop = new AbortController();
    const running = evaluate(interactions, {
      seeds: 5,
      methods: methodNames,
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('interrupted')),
    });
    await expect(running).rejects.toThrow('interrupted');
  });

  it('leaves EASE out where it is too large', () => {
    const { interactions } = plantTastes({ usersEach: 1 });
    expect(findObstacle('ease', interactions)).toBeUndefined();
    expect(findObstacle('ease', { ...interactions, userCount: 5_001 })).toContain('5001 of them');
  });
});

describe('the command line', () => {
  it('knows its options', () => {
    expect(parseEvaluateArguments(['a.csv', '--seeds', '3', '--methods', 'mixture, als'])).toEqual({
      source: { table: 'a.csv', header: 'guess' },
      seeds: 3,
      methods: ['als', 'mixture'],
      plot: undefined,
    });
    expect(parseEvaluateArguments(['--playlists', 'folder'])).toMatchObject({
      source: { playlists: 'folder' },
    });
    expect(parseEvaluateArguments(['--help'])).toBe('help');
  });

  it.each([
    [[], 'either a file or --playlists'],
    [['a', 'b'], 'expected one file'],
    [['a', '--playlists', 'b'], 'either a file or --playlists'],
    [['a', '--seeds', '0'], '--seeds must be'],
    [['a', '--methods', 'magic'], 'there is no method magic'],
    [['a', '--header', 'maybe'], '--header must be'],
    [['a', '--what'], '--what'],
  ])('refuses %j in words', (args, message) => {
    expect(() => parseEvaluateArguments(args)).toThrow(message);
  });
});

const file = join(process.env.MEDLEY_DATA ?? '', 'listening/user_artists.dat');
const present = process.env.MEDLEY_DATA !== undefined && existsSync(file);
if (!present)
  console.warn('skipped: real listening. MEDLEY_DATA names no folder with listening/user_artists.dat');

describe.skipIf(!present)('real listening', () => {
  it('is read whole, and item-kNN and RP3beta find in it what was measured before', {
    timeout: 300_000,
  }, async () => {
    const source = await readTable(file);
    expect(describeSource(source)).toContain('92,834 rows of 1,892 users and 17,632 items');
    const { results } = await evaluate(source.interactions, {
      seeds: 1,
      methods: ['popularity', 'item-knn'],
    });
    const recalls = results.map(({ metrics }) => metrics[0]?.recall ?? 0);
    expect(recalls[0]).toBeGreaterThan(0.06);
    expect(recalls[0]).toBeLessThan(0.08);
    expect(recalls[1]).toBeGreaterThan(0.17);
  });
});
