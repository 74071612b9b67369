import type { Database } from '@medley/database';
import { decodeId, type IdKind, idKindOf } from '@medley/ids';
import { openTestDatabase, testDatabaseKind } from '@medley/testing/database';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openRepositories, type Repositories } from '../../src/adapters/prisma-repositories.ts';
import type { AlbumValues, ArtistValues, TrackValues } from '../../src/domain/catalog-writer.ts';
import type { CatalogEntity, EntityKey, EntityKind } from '../../src/domain/entity-feed.ts';
import { PrismaClient } from '../../src/generated/prisma/client.ts';
import { uuid } from '../catalog-rows.ts';

const kinds = ['artist', 'album', 'track'] as const;

/** What can be done to a small catalog. */
type Edit =
  | { type: 'artist'; name: string; values: Partial<ArtistValues> }
  | { type: 'album'; name: string; values: Partial<AlbumValues> }
  | { type: 'track'; name: string; values: Partial<TrackValues> }
  | { type: 'withdraw'; name: string }
  | { type: 'delete'; name: string }
  | { type: 'markets'; name: string; markets: string[] };

describe(`a copy of the catalog that follows its changes on ${testDatabaseKind}`, () => {
  let database: Database;
  let rows: Repositories;
  beforeAll(async () => {
    database = await openTestDatabase('catalog');
    rows = openRepositories(database);
  });
  afterAll(async () => {
    await rows?.close();
    await database?.close();
  });
  beforeEach(async () => {
    const prisma = new PrismaClient({ adapter: database.adapter });
    await prisma.$executeRaw`TRUNCATE catalog.tracks, catalog.albums, catalog.artists, catalog.genres,
      catalog.outbox, catalog.tombstones CASCADE`;
    await prisma.$disconnect();
  });

  let saidLast = 0;
  async function apply(edit: Edit): Promise<void> {
    const { writer } = rows;
    const id = uuid(kindOf(edit.type), edit.name);
    // What is said last wins.
    const source = { precision: 'described', date: ++saidLast } as const;
    if (edit.type === 'withdraw') await writer.withdrawTrack(id, new Date('2026-11-23T09:00:00Z'));
    else if (edit.type === 'delete') await writer.deleteTrack(id);
    else if (edit.type === 'markets') await writer.setMarkets(id, edit.markets);
    else if (edit.type === 'artist') {
      const genres = [{ id: uuid('genre', 'jazz'), values: { slug: 'jazz', name: 'Jazz' } }];
      await writer.upsert({ source, genres, artists: [{ id, values: edit.values }] });
    } else if (edit.type === 'album') await writer.upsert({ source, albums: [{ id, values: edit.values }] });
    else await writer.upsert({ source, tracks: [{ id, values: { durationMs: 1_000, ...edit.values } }] });
  }

  /** Reads again what changed, what it is or was part of, and what repeats something of it. */
  function createCopy() {
    const copy = new Map<string, CatalogEntity>();
    let position = 0n;
    async function readAgain(keys: readonly EntityKey[]) {
      for (const kind of kinds) {
        const ids = keys.filter((key) => key.kind === kind).map(({ id }) => id);
        for (const id of ids) copy.delete(`${kind} ${id}`);
        for (const entity of await rows.entities.findByIds(kind, ids))
          copy.set(`${kind} ${entity.id}`, entity);
      }
    }
    return {
      copy,
      async follow() {
        const changes = await rows.changes.changesSince(position, 1_000);
        position = changes.at(-1)?.id ?? position;
        for (const { key, data } of changes) {
          const of = toKey(key);
          if (!of) continue;
          const { artists = [], album = null, left = [] } = data as Partial<ChangeData>;
          const partOf = [...artists, ...(album ? [album] : [])].map(({ id }) => id);
          const sums = of.kind === 'track' ? [...partOf, ...left].flatMap((id) => toKey(id) ?? []) : [];
          const dependents = of.kind === 'track' ? [] : await rows.entities.findDependents(of, null, 1_000);
          await readAgain([of, ...sums, ...dependents]);
        }
      },
    };
  }
  const allEntities = async () =>
    (await Promise.all(kinds.map((kind) => rows.entities.findAfter(kind, null, 1_000)))).flat();
  const expectSame = async (copy: ReadonlyMap<string, CatalogEntity>) =>
    expect(new Map(copy)).toEqual(
      new Map((await allEntities()).map((entity) => [`${entity.kind} ${entity.id}`, entity])),
    );

  it('takes a track from the album and the artist that it leaves', async () => {
    const { copy, follow } = createCopy();
    const track = (values: Partial<TrackValues>): Edit => ({ type: 'track', name: 'blue', values });
    const at = (kind: EntityKind, name: string) => copy.get(`${kind} ${uuid(kind, name)}`)?.availableMarkets;
    const [ann, bob] = [uuid('artist', 'ann'), uuid('artist', 'bob')];
    const first = {
      title: 'Blue',
      albumId: uuid('album', 'sky'),
      artistIds: [ann],
      availableMarkets: ['DE'],
    };
    await apply(track(first));
    await follow();
    expect([at('artist', 'ann'), at('album', 'sky')]).toEqual(['DE', 'DE']);
    await apply(track({ ...first, albumId: uuid('album', 'sea'), artistIds: [bob] }));
    await follow();
    expect([at('artist', 'ann'), at('album', 'sky')]).toEqual(['', '']);
    expect([at('artist', 'bob'), at('album', 'sea')]).toEqual(['DE', 'DE']);
    await apply({ type: 'delete', name: 'blue' });
    await follow();
    expect([at('artist', 'bob'), at('album', 'sea'), at('track', 'blue')]).toEqual(['', '', undefined]);
  });

  it('is the catalog, whatever was written and in whatever pieces it was followed', async () => {
    const among = <Item>(...items: Item[]) => fc.constantFrom(...items);
    const artistIds = fc.uniqueArray(among('ann', 'bob', 'zoe').map((name) => uuid('artist', name)));
    const markets = fc.uniqueArray(among('DE', 'FR', 'US')).map((codes) => codes.sort());
    const edit: fc.Arbitrary<Edit> = fc.oneof(
      { weight: 6, arbitrary: trackEdit() },
      fc.record({
        type: fc.constant('artist' as const),
        name: among('ann', 'bob', 'zoe'),
        values: fc.record({
          name: among('A', 'B'),
          popularity: fc.nat(100),
          genreIds: among([], [uuid('genre', 'jazz')]),
        }),
      }),
      fc.record({
        type: fc.constant('album' as const),
        name: among('sky', 'sea'),
        values: fc.record({
          title: among('Sky', 'Sea'),
          artistIds,
          release: among(null, { date: '1999-01-01', precision: 'YEAR' as const }),
        }),
      }),
      fc.record({ type: fc.constant('withdraw' as const), name: among('t1', 't2') }),
      fc.record({ type: fc.constant('delete' as const), name: among('t2', 't3') }),
      fc.record({ type: fc.constant('markets' as const), name: among('t1', 't2', 't3'), markets }),
    );
    function trackEdit() {
      return fc.record({
        type: fc.constant('track' as const),
        name: among('t1', 't2', 't3', 't4', 't5'),
        values: fc.record({
          title: among('One', 'Two'),
          albumId: among(null, uuid('album', 'sky'), uuid('album', 'sea')),
          artistIds,
          explicit: fc.boolean(),
          popularity: fc.nat(100),
          availableMarkets: markets,
        }),
      });
    }
    const { copy, follow } = createCopy();
    const run = async (edits: readonly (readonly Edit[])[]) => {
      for (const piece of edits) {
        for (const one of piece) await apply(one);
        await follow();
      }
      await expectSame(copy);
    };
    await fc.assert(fc.asyncProperty(fc.array(fc.array(edit, { maxLength: 4 }), { maxLength: 6 }), run), {
      numRuns: 15,
      // Runs go on from where the one before ended, so a shorter history is another one.
      endOnFailure: true,
    });
  });
});

interface ChangeData {
  readonly artists: readonly { readonly id: string }[];
  readonly album: { readonly id: string } | null;
  readonly left: readonly string[];
}

const kindOf = (type: Edit['type']): EntityKind => (type === 'artist' || type === 'album' ? type : 'track');

function toKey(publicId: string): EntityKey | null {
  const kind = idKindOf(publicId) as IdKind;
  const known = kinds.find((one) => one === kind);
  return known ? { kind: known, id: decodeId(publicId, known) } : null;
}
