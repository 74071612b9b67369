import { catalogChanged } from '@medley/events';
import { encodeId, importedUuid } from '@medley/ids';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { openTestDatabase, testDatabaseKind } from '@medley/testing/database';
import { openTestEventLog, type TestEventLog } from '@medley/testing/event-log';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRepositories, type Repositories } from '../src/adapters/prisma-repositories.ts';
import { republishCatalog, startRelays } from '../src/app.ts';

const uuid = (kind: 'artist' | 'album' | 'track' | 'genre', name: string) => importedUuid('test', kind, name);
const publicId = (kind: 'artist' | 'album' | 'track' | 'genre', name: string) =>
  encodeId(kind, uuid(kind, name));
const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
/** As many as there are countries. */
const everywhere = letters.flatMap((a) => letters.map((b) => a + b)).slice(0, 250);

const features = {
  tempoBpm: 90.5,
  energy: 0.25,
  valence: 0.75,
  danceability: 0.5,
  acousticness: 1,
  instrumentalness: 0.001,
};

describe(`what the catalog tells, on ${testDatabaseKind}`, () => {
  let rows: Repositories;
  let log: TestEventLog;
  const closing: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    const database = await openTestDatabase('catalog');
    rows = openRepositories(database);
    log = await openTestEventLog();
    const relay = startRelays({ ...rows.relayed, ...parts(), everyMs: 20 });
    closing.push(relay.stop, log.close, rows.close, database.close);
    await rows.writer.upsert({
      source: { precision: 'described', date: Date.UTC(2026, 0, 1) },
      genres: [
        { id: uuid('genre', 'jazz'), values: { slug: 'jazz', name: 'Jazz' } },
        { id: uuid('genre', 'bebop'), values: { slug: 'bebop', name: 'Bebop' } },
      ],
      artists: [
        {
          id: uuid('artist', 'ann'),
          values: { name: 'Ann', popularity: 7, genreIds: [uuid('genre', 'jazz')] },
        },
      ],
      albums: [
        {
          id: uuid('album', 'sky'),
          values: {
            title: 'Sky',
            artistIds: [uuid('artist', 'ann')],
            release: { date: '1977-05-01', precision: 'MONTH' },
          },
        },
      ],
      tracks: ['blue', 'red'].map((name) => ({
        id: uuid('track', name),
        values: {
          title: name,
          durationMs: 211_000,
          albumId: uuid('album', 'sky'),
          artistIds: [uuid('artist', 'ann')],
          availableMarkets: everywhere,
          audioFeatures: features,
        },
      })),
    });
  });
  afterAll(async () => {
    for (const close of closing) await close();
  });

  const parts = () => ({ log: log.log, logger: silentLogger, metrics: createMetrics() });
  const toldOf = async (kind: 'artist' | 'album' | 'track' | 'genre', name: string) =>
    (await log.read(catalogChanged.name)).filter(({ key }) => key === publicId(kind, name));
  const expectTold = (...of: Parameters<typeof toldOf>) =>
    expect.poll(() => toldOf(...of), { timeout: 20_000 });

  it('is the whole of what changed, with its version', async () => {
    await expectTold('track', 'red').toHaveLength(1);
    const [track] = await toldOf('track', 'red');
    expect(track?.event).toMatchObject({
      type: 'TrackChanged',
      source: 'catalog',
      data: {
        id: publicId('track', 'red'),
        stateVersion: 1,
        availableMarkets: everywhere,
        artists: [{ id: publicId('artist', 'ann') }],
        album: { id: publicId('album', 'sky') },
        genres: [{ id: publicId('genre', 'jazz') }],
        audioFeatures: features,
      },
    });
    expect((await toldOf('genre', 'jazz'))[0]?.event?.data).toMatchObject({ slug: 'jazz', stateVersion: 1 });
    expect((await toldOf('artist', 'ann'))[0]?.event?.data).toMatchObject({ name: 'Ann', stateVersion: 1 });
    expect((await toldOf('album', 'sky'))[0]?.event?.data).toMatchObject({
      title: 'Sky',
      stateVersion: 1,
      artists: [{ id: publicId('artist', 'ann') }],
      releasedOn: '1977-05-01',
    });
    expect((await toldOf('genre', 'bebop'))[0]?.event?.data).toMatchObject({
      parent: { id: publicId('genre', 'jazz') },
    });
  });

  it('is each change in its order, at the end that a track is gone', async () => {
    const id = uuid('track', 'blue');
    await rows.writer.setMarkets(id, ['DE']);
    await rows.writer.withdrawTrack(id, new Date());
    await rows.writer.deleteTrack(id);
    await expectTold('track', 'blue').toHaveLength(5);
    const told = await toldOf('track', 'blue');
    expect(told.map(({ event }) => event && `${event.type} ${event.data.stateVersion}`)).toEqual([
      'TrackChanged 1',
      'TrackChanged 2',
      'TrackChanged 3',
      'TrackDeleted 4',
      null,
    ]);
    expect(told[1]?.event?.data.availableMarkets).toEqual(['DE']);
  });

  it('is everything when that is asked for, with the ids of the events that told it first', async () => {
    const before = await log.read(catalogChanged.name);
    const { published, finished } = await republishCatalog({ ...rows.relayed, ...parts() }, {});
    // The genres, the artist, the album, the track that is there, and the one that is not.
    expect({ published, finished }).toEqual({ published: 6, finished: true });
    for (const [kind, name] of [
      ['track', 'red'],
      ['artist', 'ann'],
      ['album', 'sky'],
      ['genre', 'jazz'],
    ] as const) {
      const [first, again] = await toldOf(kind, name);
      expect(again?.event).toEqual({ ...first?.event, time: expect.any(String) });
    }
    const gone = await toldOf('track', 'blue');
    expect(gone).toHaveLength(7);
    expect(gone[5]?.event?.id).toBe(gone[3]?.event?.id);
    expect(gone[6]?.event).toBeNull();
    expect((await log.read(catalogChanged.name)).length).toBe(before.length + 7);
  });
});
