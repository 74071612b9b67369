import { createCursors } from '@medley/connection';
import { publishEvents } from '@medley/event-log';
import {
  allTopics,
  createEvent,
  libraryChanged,
  libraryEntryChanged,
  modelKey,
  playEvents,
  recommendationModelSwapped,
  recommendationsTopic,
  recommendationsUpdated,
} from '@medley/events';
import type { Actor } from '@medley/identity';
import { encodeId } from '@medley/ids';
import { createMetrics } from '@medley/service';
import {
  createTestCaller,
  createTestVerifier,
  silentLogger,
  type TestStream,
  testKeys,
} from '@medley/testing';
import { openTestDatabase, testDatabaseKind } from '@medley/testing/database';
import { openTestEventLog, type TestEventLog } from '@medley/testing/event-log';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryRadioSessions } from '../../src/adapters/memory-radio-sessions.ts';
import { createMemoryTasteProfiles } from '../../src/adapters/memory-taste-profiles.ts';
import { openPrismaClient } from '../../src/adapters/prisma-client.ts';
import { createPrismaModelReader } from '../../src/adapters/prisma-models-reader.ts';
import { openRepositories } from '../../src/adapters/prisma-repositories.ts';
import { openPrismaUserData } from '../../src/adapters/prisma-user-data.ts';
import type { ModelWriter } from '../../src/domain/models.ts';
import type { UserData } from '../../src/domain/user-data.ts';
import { createRecommendations } from '../../src/recommendations.ts';
import { mixOf } from '../adapters/mixes.contract.ts';
import { idOf, states, told, uuidOf } from '../told-catalog.ts';
import { played } from './told-plays.ts';

const query = `subscription ($after: String) {
  recommendationsUpdated(after: $after) {
    kind cursor causes recommendations { shelves { id items(first: 5) { item { ... on Artist { id } } } } }
  }
}`;
interface Data {
  readonly recommendationsUpdated: {
    readonly kind: string;
    readonly cursor: string;
    readonly causes: readonly string[];
    readonly recommendations: {
      readonly shelves: {
        readonly id: string;
        readonly items: { readonly item: { readonly id?: string } }[];
      }[];
    };
  };
}

const viewer = (name: string) => {
  const userId = uuidOf('artist', `account of ${name}`);
  const actor: Actor = { kind: 'viewer', id: encodeId('user', userId), sessionId: 's', scopes: [] };
  return { userId, id: encodeId('user', userId), actor };
};

describe(`recommendationsUpdated of two replicas on ${testDatabaseKind}`, () => {
  let world: TestEventLog;
  let userData: UserData;
  let writer: ModelWriter;
  const closing: (() => Promise<void>)[] = [];
  const streams: TestStream<Data>[] = [];
  const callers: ReturnType<typeof createTestCaller>[] = [];

  beforeAll(async () => {
    const database = await openTestDatabase('recommendations');
    closing.unshift(() => database.close());
    const rows = openRepositories(database);
    closing.unshift(() => rows.close());
    writer = rows.modelWriter;
    userData = openPrismaUserData(database);
    closing.unshift(() => userData.close());
    await rows.catalogCopy.save(
      states({
        artists: [told.artist('ann'), told.artist('bob')],
        tracks: [told.track(1), told.track(2, { artists: ['bob'] })],
      }),
    );
    world = await openTestEventLog();
    closing.unshift(world.close);
    await world.log.admin.ensureTopics(allTopics);
    for (const replica of [0, 1]) {
      const client = openPrismaClient(database);
      closing.unshift(() => client.$disconnect());
      // Each its own, which it believes until it is told of a swap.
      const models = createPrismaModelReader(client, { servingForMs: 600_000 });
      const recommendations = await createRecommendations({
        ...{ rows: { ...rows, models }, userData, log: world.log },
        // Each its own: what one takes the other knows by the durable copy only.
        fastProfiles: createMemoryTasteProfiles(),
        radioSessions: createMemoryRadioSessions(),
        archiveStore: null as never,
        cursors: createCursors(testKeys),
        identity: createTestVerifier('recommendations'),
        logger: silentLogger,
        metrics: createMetrics(),
        onCrash: (error) => {
          throw error;
        },
      });
      closing.unshift(recommendations.stop);
      closing.unshift(() => recommendations.app.stop());
      // The plays are all taken by the first.
      if (replica === 0) closing.unshift(recommendations.start().stop);
      callers.push(createTestCaller(recommendations.app));
    }
  });
  afterAll(async () => {
    for (const stream of streams) stream.stop();
    for (const close of closing) await close();
  });

  async function watch(replica: number, { actor }: { readonly actor: Actor }, after?: string) {
    const caller = callers[replica] as (typeof callers)[number];
    const stream = await caller.subscribe<Data>(query, { after }, { actor, market: 'DE' });
    streams.push(stream);
    return stream;
  }
  const next = async (stream: TestStream<Data>) => (await stream.next())?.data.recommendationsUpdated;
  const play = (userId: string, track: number, artist: string) =>
    publishEvents(world.log, playEvents, [
      played({
        ...{ userId, trackId: uuidOf('track', track), at: new Date(Date.now() - 300_000 + track) },
        context: { kind: 'ARTIST', id: idOf('artist', artist) },
      }),
    ]);
  const jumpBackIn = (event: Data['recommendationsUpdated'] | undefined) =>
    event?.recommendations.shelves.find(({ id }) => id === 'JUMP_BACK_IN')?.items.map(({ item }) => item.id);

  it('tells a play on both, with what is recommended by it', async () => {
    const ann = viewer('ann');
    const both = [await watch(0, ann), await watch(1, ann)];
    for (const stream of both) expect(await next(stream)).toMatchObject({ kind: 'STARTED', causes: [] });
    for (const [track, artist] of [
      [1, 'ann'],
      [2, 'bob'],
    ] as const) {
      await play(ann.userId, track, artist);
      for (const stream of both) {
        const event = await stream.next();
        expect(event).toMatchObject({ replaces: true, cursor: event?.data.recommendationsUpdated.cursor });
        expect(event?.data.recommendationsUpdated).toMatchObject({ kind: 'CHANGED', causes: ['PLAYS'] });
        expect(jumpBackIn(event?.data.recommendationsUpdated)).toContain(idOf('artist', artist));
      }
    }
  });

  it('tells nobody of what another account does', async () => {
    const [bob, eve] = [viewer('bob'), viewer('eve')];
    const [ofBob, ofEve] = [await watch(0, bob), await watch(1, eve)];
    for (const stream of [ofBob, ofEve]) await next(stream);
    const waiting = next(ofEve);
    await play(bob.userId, 1, 'ann');
    expect(await next(ofBob)).toMatchObject({ causes: ['PLAYS'] });
    const entry = { itemId: idOf('artist', 'bob'), stateVersion: 1, inLibrary: true };
    await publishEvents(world.log, libraryChanged, [
      createEvent(libraryEntryChanged, {
        source: 'playlists',
        key: `${eve.id}/${entry.itemId}`,
        data: { ...entry, userId: eve.id, at: new Date().toISOString() },
      }),
    ]);
    // The first thing that is told is of the account itself.
    expect(await waiting).toMatchObject({ causes: ['LIBRARY'] });
  });

  it('tells who was away of what changed meanwhile, on the other replica too, and of nothing else', async () => {
    const cid = viewer('cid');
    const first = await watch(0, cid);
    const started = await next(first);
    await play(cid.userId, 1, 'ann');
    const changed = await next(first);
    first.stop();
    const late = await watch(1, cid, started?.cursor);
    expect(await next(late)).toMatchObject({ kind: 'CHANGED', causes: ['PLAYS'], cursor: changed?.cursor });

    const same = await watch(1, cid, changed?.cursor);
    const waiting = next(same);
    const now = Date.now();
    await userData.mixes.save([
      mixOf(cid.userId, { madeAt: new Date(now), fixedUntil: new Date(now + 3_600_000) }),
    ]);
    await publishEvents(world.log, recommendationsTopic, [
      createEvent(recommendationsUpdated, {
        source: 'recommendations',
        key: cid.id,
        data: { userId: cid.id, cause: 'MIXES', profileVersion: 0, play: null },
      }),
    ]);
    expect(await waiting).toMatchObject({ kind: 'CHANGED', causes: ['MIXES'] });
  });

  it('tells everybody, on both, of a model that serves from now on, within seconds', async () => {
    const [fay, gus] = [viewer('fay'), viewer('gus')];
    const streams = [await watch(0, fay), await watch(1, fay), await watch(1, gus)];
    for (const stream of streams) await next(stream);
    const { id, version } = await writer.begin({ method: 'm', engine: 'e' });
    await writer.swapIn(id, new Date());
    const startedAt = performance.now();
    await publishEvents(world.log, recommendationsTopic, [
      createEvent(recommendationModelSwapped, {
        ...{ source: 'recommendations', key: modelKey, data: { model: version } },
      }),
    ]);
    for (const stream of streams)
      expect(await next(stream)).toMatchObject({ kind: 'CHANGED', causes: ['MODEL'] });
    // By itself it would look after 22 s at the earliest.
    expect(performance.now() - startedAt).toBeLessThan(15_000);
  });

  it('refuses who is not signed in, and cursors of others', async () => {
    const [dee, eve] = [viewer('dee'), viewer('eve')];
    const foreign = await next(await watch(0, dee));
    const refused = await Promise.all([
      watch(0, { actor: { kind: 'anonymous' } }),
      watch(0, eve, foreign?.cursor),
      watch(1, eve, 'forged'),
    ]);
    const codes = refused.map(({ refusal }) => refusal?.[0]?.extensions.code);
    expect(codes).toEqual(['UNAUTHENTICATED', 'BAD_USER_INPUT', 'BAD_USER_INPUT']);
  });
});
