import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { fileOf } from '../../src/archive/archive-names.ts';
import { toArchive } from '../../src/archive/archive-plays.ts';
import { encodePlays } from '../../src/archive/encode-plays.ts';
import { playColumns } from '../../src/archive/play-columns.ts';
import { type BrokenInArchive, readArchive } from '../../src/archive/read-archive.ts';
import { ArchiveUnavailableError } from '../../src/domain/archive-store.ts';
import { type ArchivedPlay, dayOfPlay } from '../../src/domain/archived-play.ts';
import { readAll } from './archived.ts';
import { createMemoryArchive, type MemoryArchive } from './memory-archive.ts';
import { played } from './told-plays.ts';

const playOf = (told?: Parameters<typeof played>[0]): ArchivedPlay => toArchive(played(told)).play;

const encode = async (plays: readonly ArchivedPlay[]) =>
  (
    await encodePlays(
      (async function* () {
        yield plays;
      })(),
    )
  ).content;

async function put(archive: MemoryArchive, id: string, plays: readonly ArchivedPlay[]): Promise<string> {
  const name = fileOf({ id, day: dayOfPlay(plays[0] as ArchivedPlay) });
  await archive.write(name, await encode(plays));
  return name;
}

async function read<const Field extends keyof ArchivedPlay>(
  archive: MemoryArchive,
  options: { fields: readonly Field[]; from?: string; before?: string },
) {
  const broken: BrokenInArchive[] = [];
  const batches: number[] = [];
  const plays: Pick<ArchivedPlay, Field>[] = [];
  const onBroken = (each: BrokenInArchive) => broken.push(each);
  for await (const batch of readArchive(archive, { ...options, onBroken })) {
    batches.push(batch.plays.length);
    plays.push(...batch.plays);
  }
  return { plays, broken, batches };
}

const at = (iso: string) => new Date(iso);

describe('the archive, read', () => {
  it('gives each column of a play as it was told, and nulls where there was nothing', async () => {
    const archive = createMemoryArchive();
    const full = playOf({
      at: at('2026-11-22T23:59:59.999Z'),
      context: { kind: 'album', id: 'album_1' },
      clickToSoundMs: 85,
      stalls: 2,
      stalledMs: 1_200,
      skipped: true,
      offline: true,
    });
    const bare = playOf({
      at: at('2026-11-22T00:00:00.000Z'),
      counted: false,
      notCountedReason: 'UNVERIFIED',
      market: null,
      tier: null,
      quality: null,
      grantedAt: null,
    });
    const name = await put(archive, 'a', [full, bare]);
    expect(name).toBe('plays/date=2026-11-22/part-a.parquet');
    expect(await readAll(archive)).toEqual([
      { ...full, file: name },
      { ...bare, file: name },
    ]);
  });

  it('is the same, byte for byte, when the same is written again', async () => {
    const plays = Array.from({ length: 50 }, () => playOf());
    expect(await encode(plays)).toEqual(await encode(plays));
  });

  it('reads the days of a range, in their order, and the fields that are asked for', async () => {
    const archive = createMemoryArchive();
    const plays = ['23', '21', '22', '24'].map((day) => playOf({ at: at(`2026-11-${day}T12:00:00Z`) }));
    for (const [index, play] of plays.entries()) await put(archive, String(index), [play]);
    const found = await read(archive, { from: '2026-11-22', before: '2026-11-24', fields: ['trackId'] });
    expect(found.plays).toEqual([{ trackId: plays[2]?.trackId }, { trackId: plays[0]?.trackId }]);
  });

  it('has at most 10,000 plays in memory at a time', async () => {
    const archive = createMemoryArchive();
    const [one] = [playOf()];
    await put(
      archive,
      'a',
      Array.from({ length: 25_000 }, () => one as ArchivedPlay),
    );
    const { batches } = await read(archive, { fields: ['msPlayed'] });
    expect(batches).toEqual([10_000, 10_000, 5_000]);
  });

  it('tells of files that are broken, foreign or cut off, and reads the others', async () => {
    const archive = createMemoryArchive();
    const good = [playOf(), playOf()];
    await put(archive, 'good', good);
    const folder = `plays/date=${dayOfPlay(good[0] as ArchivedPlay)}/`;
    const whole = await encode(good);
    archive.files.set(`${folder}empty.parquet`, new Uint8Array());
    archive.files.set(`${folder}text.parquet`, new TextEncoder().encode('not a table at all, by any means'));
    archive.files.set(`${folder}cut.parquet`, whole.slice(0, whole.length - 100));
    const columnData = [{ name: 'user_id', data: ['user_1'] }];
    archive.files.set(`${folder}foreign.parquet`, new Uint8Array(parquetWriteBuffer({ columnData })));
    // These are nobody's business.
    archive.files.set(`${folder}_SUCCESS`, new Uint8Array());
    archive.files.set(`${folder}.hidden.parquet`, new Uint8Array());
    archive.files.set('plays/notes.txt', new Uint8Array());

    const { plays, broken } = await read(archive, { fields: ['userId', 'trackId'] });
    expect(plays).toEqual(good.map(({ userId, trackId }) => ({ userId, trackId })));
    expect(broken.map(({ file, row, rows }) => ({ file, row, rows }))).toEqual([
      { file: `${folder}cut.parquet`, row: null, rows: null },
      { file: `${folder}empty.parquet`, row: null, rows: null },
      { file: `${folder}foreign.parquet`, row: null, rows: 1 },
      { file: `${folder}text.parquet`, row: null, rows: null },
    ]);
    expect(broken[2]?.reason).toBe('it has no column track_id');
  });

  it('tells of rows that make no sense, with their place, and reads the others', async () => {
    const archive = createMemoryArchive();
    const columnData = [
      { name: 'user_id', data: ['user_1', null, 'user_3', 'user_4'] },
      { name: 'ms_played', data: [1_000, 2_000, Number.NaN, -4], type: 'DOUBLE' as const },
    ];
    const name = 'plays/date=2026-11-23/foreign.parquet';
    archive.files.set(name, new Uint8Array(parquetWriteBuffer({ columnData })));
    const { plays, broken } = await read(archive, { fields: ['userId', 'msPlayed'] });
    expect(plays).toEqual([{ userId: 'user_1', msPlayed: 1_000 }]);
    expect(broken).toEqual([
      { file: name, row: 1, rows: 1, reason: 'user_id is missing, expected a text' },
      { file: name, row: 2, rows: 1, reason: 'ms_played is NaN, expected a whole number from 0 on' },
      { file: name, row: 3, rows: 1, reason: 'ms_played is -4, expected a whole number from 0 on' },
    ]);
  });

  it('tells of the rows of a group that was damaged, and reads the groups around it', async () => {
    const archive = createMemoryArchive();
    const one = playOf();
    // Texts that do not shrink to nothing.
    const plays = Array.from({ length: 30_000 }, (_, index) => ({
      ...one,
      eventId: String((index * 7_919_777_001) % 1e9),
    }));
    const name = await put(archive, 'a', plays);
    const content = archive.files.get(name) as Uint8Array;
    // The second of three groups.
    content.fill(0xff, Math.floor(content.length * 0.4), Math.floor(content.length * 0.6));
    const { plays: found, broken } = await read(archive, { fields: ['eventId', 'userId', 'trackId'] });
    expect(broken.map(({ row, rows }) => ({ row, rows }))).toContainEqual({ row: 10_000, rows: 10_000 });
    const left = broken.reduce((sum, { rows }) => sum + (rows ?? 0), 0);
    expect(found.length + left).toBe(30_000);
    expect(found.length).toBeGreaterThan(0);
  });

  it('reads files that lack a column which came later', async () => {
    const archive = createMemoryArchive();
    const nullable = new Set(playColumns.filter((column) => column.nullable).map(({ name }) => name));
    const play = playOf();
    const columnData = playColumns
      .filter(({ name }) => !nullable.has(name))
      .map(({ name, field }) => ({ name, data: [play[field]] }));
    archive.files.set(
      'plays/date=2026-11-23/old.parquet',
      new Uint8Array(parquetWriteBuffer({ columnData })),
    );
    const [found] = await readAll(archive);
    expect(found).toMatchObject({ eventId: play.eventId, playedAt: play.playedAt, market: null });
  });

  it('does not take an archive that does not answer for a broken file', async () => {
    const archive = createMemoryArchive();
    await put(archive, 'a', [playOf()]);
    const away = {
      ...archive,
      open: async () => ({
        byteLength: 1_000,
        slice: () => Promise.reject(new ArchiveUnavailableError('it cannot be read', new Error('EIO'))),
        async close() {},
      }),
    };
    await expect(read(away, { fields: ['userId'] })).rejects.toThrow('it cannot be read: EIO');
  });
});
