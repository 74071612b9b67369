import { testDatabaseKind } from '@medley/testing/database';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ServingModel } from '../../src/domain/models.ts';
import { createRandom } from '../../src/models/random.ts';
import { TrainingHeldError, type TrainOptions } from '../../src/training/train.ts';
import {
  archivedPlay,
  artistUuid,
  createTracks,
  openTraining,
  playsOfCrowds,
  type TrainingUnderTest,
  trackUuid,
} from './training-under-test.ts';

describe(`a training on ${testDatabaseKind}`, () => {
  let training: TrainingUnderTest;
  beforeAll(async () => {
    training = await openTraining();
  }, 60_000);
  afterAll(() => training?.close());
  afterEach(() => training.reset());

  const serving = async () => (await training.reader.serving()) as ServingModel;
  /** All that a model tells. */
  async function contentOf(model: ServingModel) {
    const { reader, tracks } = training;
    const trackIds = tracks.map(({ id }) => id);
    const artistIds = Array.from({ length: 8 }, (_, number) => artistUuid(number));
    return {
      tracks: await reader.neighbours(model, 'TRACK', trackIds),
      artists: await reader.neighbours(model, 'ARTIST', artistIds),
      factors: await reader.factors(model, trackIds),
      popular: [await reader.popular(model, 'AT', 1_000), await reader.popular(model, null, 1_000)],
    };
  }
  const isEven = (id: string) => Number(id.slice(-12)) % 2 === 0;

  it('makes a model of what people play: neighbours, factors, what is popular', async () => {
    await training.archivePlays(playsOfCrowds());
    const outcome = await training.train();
    expect(outcome).toMatchObject({ serves: true, refusal: null });
    expect(outcome.figures).toMatchObject({ plays: 3_000, users: 80, coverage: 1 });
    // Too few to tell.
    expect(outcome.figures.recall).toBeNull();
    expect(outcome.figures.playsUntil?.toISOString()).toMatch(/^2026-11-21T23/);
    const model = await serving();
    expect(model).toMatchObject({ version: outcome.version, method: 'RP3beta + iALS' });

    const content = await contentOf(model);
    expect(content.tracks.size).toBe(60);
    const nearest = [...content.tracks].flatMap(([id, list]) =>
      list.slice(0, 5).map((other) => [id, other.id]),
    );
    const ofCrowd = nearest.filter(([id, other]) => isEven(id as string) === isEven(other as string));
    expect(ofCrowd.length).toBeGreaterThan(nearest.length * 0.9);
    for (const list of content.tracks.values()) {
      expect(list[0]?.score).toBeCloseTo(1, 5);
      expect(list.map(({ score }) => score)).toEqual(
        list.map(({ score }) => score).toSorted((a, b) => b - a),
      );
    }
    expect(content.artists.size).toBe(8);
    expect(content.factors.get(trackUuid(0))?.length).toBe(8);
    const [ofMarket = [], ofAll = []] = content.popular;
    expect(ofMarket.slice(0, 4)).toContain(trackUuid(0));
    expect(ofAll.length).toBe(60);
    expect(ofMarket).not.toEqual(ofAll);
  });

  it('tells what it is doing, stage by stage', async () => {
    await training.archivePlays(playsOfCrowds({ plays: 500 }));
    const told: string[] = [];
    await training.train({ onProgress: ({ stage, share }) => share === 0 && told.push(stage) });
    expect(told).toEqual(['catalog', 'plays', 'neighbours', 'artists', 'factors', 'mix', 'check', 'write']);
  });

  describe('that is cut off', () => {
    class Killed extends Error {}
    const kill = () => Promise.reject(new Killed());
    /** Dies in its nth call of any of these. */
    function dying<Port extends object>(
      port: Port,
      names: readonly (keyof Port)[],
      nth: { left: number },
    ): Port {
      const copy = { ...port };
      for (const name of names) {
        const call = port[name] as (...args: unknown[]) => Promise<unknown>;
        Object.assign(copy, {
          [name]: (...args: unknown[]) => {
            nth.left -= 1;
            return nth.left < 0 ? kill() : call(...args);
          },
        });
      }
      return copy;
    }

    it('at any point goes on, to the same, while the old one serves', async () => {
      training.tracks = training.tracks.slice(0, 24);
      await training.archivePlays(playsOfCrowds({ plays: 400, tracks: 24 }));
      await training.train();
      const old = await serving();
      const expected = await contentOf(old);

      for (let point = 0; ; point += 1) {
        const nth = { left: point };
        const options: Partial<TrainOptions> = {
          models: dying(
            training.writer,
            [
              'begin',
              'noteFigures',
              'writeNeighbours',
              'writeFactors',
              'writePopular',
              'countRows',
              'swapIn',
            ],
            nth,
          ),
          engine: dying(training.engine, ['makeNeighbours', 'makeFactors'], nth),
          compute: (task, run) => {
            nth.left -= 1;
            return nth.left < 0 ? (kill() as never) : training.compute(task, run);
          },
        };
        const died = await training.train(options).then(
          () => false,
          (error) => {
            expect(error).toBeInstanceOf(Killed);
            return true;
          },
        );
        if (!died) {
          // begin, three computations, three of the engine, figures twice, four kinds of rows and a market, rows counted, the swap.
          expect(point).toBe(17);
          break;
        }
        expect((await serving()).id).toBeLessThanOrEqual(old.id + point);
        const before = await serving();
        expect(await contentOf(before)).toEqual(expected);
        const outcome = await training.train();
        expect(outcome.serves).toBe(true);
        const after = await serving();
        expect(after.version).toBe(outcome.version);
        expect(after.id).not.toBe(before.id);
        expect(await contentOf(after)).toEqual(expected);
      }
    });

    /** Each try gets as far as so many of its steps, and dies. */
    function trainFor(steps: number) {
      const nth = { left: steps };
      const writes = ['writeNeighbours', 'writeFactors', 'writePopular', 'countRows'] as const;
      return training.train({
        models: dying(training.writer, writes, nth),
        engine: dying(training.engine, ['makeNeighbours', 'makeFactors'], nth),
        compute: (task, run) => {
          nth.left -= 1;
          return nth.left < 0 ? (kill() as never) : training.compute(task, run);
        },
      });
    }

    it('again and again is still the same one, as long as it comes further each time', async () => {
      await training.archivePlays(playsOfCrowds({ plays: 400 }));
      await expect(trainFor(1)).rejects.toBeInstanceOf(Killed);
      const [begun] = await training.reader.trainings(1);
      for (let time = 0; time < 7; time += 1) await expect(trainFor(1)).rejects.toBeInstanceOf(Killed);
      const outcome = await training.train();
      expect([outcome.serves, outcome.version]).toEqual([true, begun?.version]);
    });

    it('five times at the same place is given up, and another one is begun', async () => {
      await training.archivePlays(playsOfCrowds({ plays: 400 }));
      await expect(trainFor(2)).rejects.toBeInstanceOf(Killed);
      for (let time = 0; time < 5; time += 1) await expect(trainFor(0)).rejects.toBeInstanceOf(Killed);
      const { version } = await training.train();
      const [made, given] = await training.reader.trainings(2);
      expect([made?.version, made?.state, given?.state]).toEqual([version, 'SERVING', 'REFUSED']);
      expect(given?.refusal).toBe('It was given up: it came no further, 5 times.');
    });
  });

  it('begins anew when others terms are wanted, or the work of the old one is gone', async () => {
    await training.archivePlays(playsOfCrowds({ plays: 500 }));
    const stopping = new AbortController();
    const compute: TrainOptions['compute'] = () => {
      stopping.abort(new Error('enough'));
      return Promise.reject(stopping.signal.reason);
    };
    await expect(training.train({ compute, signal: stopping.signal })).rejects.toThrow('enough');
    await training.train({ from: '2026-11-01' });
    const [made, given] = await training.reader.trainings(2);
    expect([made?.state, given?.state]).toEqual(['SERVING', 'REFUSED']);
    expect(given?.refusal).toBe('It was given up: another one was wanted.');
  });

  it('is one at a time', async () => {
    await training.archivePlays(playsOfCrowds({ plays: 200 }));
    // Which of the two comes first is for the database to say.
    const results = await Promise.allSettled([training.train(), training.train()]);
    expect(results).toEqual(
      expect.arrayContaining([
        { status: 'fulfilled', value: expect.objectContaining({ serves: true }) },
        { status: 'rejected', reason: expect.any(TrainingHeldError) },
      ]),
    );
  });

  describe('of little', () => {
    it('says that there are no plays, and the old model serves', async () => {
      await training.archivePlays(playsOfCrowds({ plays: 200 }));
      await training.train();
      const old = await serving();
      await training.reset();
      const outcome = await training.train();
      expect(outcome).toMatchObject({ serves: false, refusal: 'There are no counted plays in the archive.' });
      expect(await serving()).toEqual(old);
    });

    it('makes one of one play of one track', async () => {
      training.tracks = training.tracks.slice(0, 1);
      await training.archivePlays([archivedPlay({ user: 1, track: 0 })]);
      const outcome = await training.train({ force: true });
      expect(outcome).toMatchObject({ serves: true, figures: { plays: 1, users: 1, tracks: 1 } });
      expect(outcome.notes.join()).toContain('recall was not judged');
      expect(await training.reader.popular(await serving(), 'AT', 10)).toEqual([trackUuid(0)]);
    });

    it('is not led by one user who plays day and night', async () => {
      const plays = playsOfCrowds({ plays: 2_000 });
      await training.archivePlays(plays);
      await training.train();
      const before = await contentOf(await serving());
      const many = Array.from({ length: 5_000 }, (_, at) => archivedPlay({ user: 99, track: at % 3 }));
      await training.archivePlays(many);
      const outcome = await training.train();
      expect(outcome.figures.plays).toBe(7_000);
      const after = await contentOf(await serving());
      // Tracks 0, 1 and 2 are of two crowds.
      expect(after.tracks.get(trackUuid(0))?.[0]?.id).toBe(before.tracks.get(trackUuid(0))?.[0]?.id);
    });

    it('leaves out what cannot be read, and tells of it', async () => {
      await training.archivePlays(playsOfCrowds({ plays: 300 }));
      await training.archive.write('plays/date=2026-11-19/part-broken.parquet', Buffer.from('no parquet'));
      await training.archivePlays([archivedPlay({ user: 1, track: 4_711 })]);
      const outcome = await training.train();
      expect(outcome.serves).toBe(true);
      expect(outcome.notes.join('\n')).toMatch(
        /0 rows and 1 files .*\n.*part-broken.*\n1 plays are of tracks that are gone/,
      );
    });

    it('leaves out older plays rather than take more memory than it may', async () => {
      await training.archivePlays(playsOfCrowds());
      const outcome = await training.train({ memoryMib: 0.08 });
      expect(outcome.notes.join()).toContain('did not fit into the memory');
      expect(outcome.figures.plays).toBeLessThan(3_000);
      expect(outcome.figures.playsUntil?.toISOString()).toMatch(/^2026-11-21/);
    });
  });

  it('counts skips against tracks', async () => {
    const both = Array.from({ length: 20 }, (_, user) => [
      archivedPlay({ user, track: 0 }),
      archivedPlay({ user, track: 1 }),
      archivedPlay({ user, track: 2 }),
      ...[1, 2].map(() =>
        archivedPlay({ user, track: 2, counted: false, skipped: true, notCountedReason: 'SHORT' }),
      ),
    ]).flat();
    await training.archivePlays(both);
    await training.train({ force: true });
    const lists = await training.reader.neighbours(await serving(), 'TRACK', [trackUuid(0)]);
    const together = lists.get(trackUuid(0))?.filter(({ reason }) => reason === 'LISTENED_TOGETHER');
    expect(together?.map(({ id }) => id)).toEqual([trackUuid(1)]);
  });

  it('refuses a model that finds less than the last one did, unless it is told otherwise', async () => {
    const many = { users: 240, tracks: 160, plays: 10_000 };
    training.tracks = createTracks(160);
    await training.archivePlays(playsOfCrowds(many));
    const first = await training.train({ force: true });
    expect(first.figures.recall).toBeGreaterThan(0.2);
    const old = await serving();
    await training.reset();
    training.tracks = createTracks(160);
    // Nobody has a taste.
    const chance = createRandom(5);
    const random = playsOfCrowds(many).map(({ playedAt }) =>
      archivedPlay({ user: Math.floor(chance() * 240), track: Math.floor(chance() * 160), playedAt }),
    );
    await training.archivePlays(random);
    const outcome = await training.train();
    expect(outcome).toMatchObject({ serves: false });
    expect(outcome.refusal).toMatch(/^It is not good enough: its recall is 0\.\d+/);
    expect(await serving()).toEqual(old);
    expect((await training.train({ force: true })).serves).toBe(true);
    expect(await serving()).not.toEqual(old);
  });
});
