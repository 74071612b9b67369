import { importedUuid } from '@medley/ids';
import type { Prisma, PrismaClient } from '../src/generated/prisma/client.ts';

/** The UUID of a row of a test, by a name that people can read. */
export const uuid = (kind: 'artist' | 'album' | 'track' | 'genre', name: string) =>
  importedUuid('test', kind, name);

interface AlbumSpec {
  name: string;
  artists?: readonly string[];
  released?: string | null;
  precision?: 'YEAR' | 'MONTH' | 'DAY';
  type?: 'ALBUM' | 'SINGLE' | 'EP' | 'COMPILATION' | null;
}

interface TrackSpec {
  name: string;
  artists?: readonly string[];
  album?: string;
  markets?: readonly string[];
  values?: Partial<Prisma.TrackUncheckedCreateInput>;
}

/** Writes rows for tests, as short as they can be named; what is left out is ordinary. */
export function createRows(prisma: PrismaClient) {
  return {
    async genres(...names: string[]) {
      await prisma.genre.createMany({
        data: names.map((name) => ({ id: uuid('genre', name), slug: name.replaceAll(' ', '-'), name })),
      });
    },
    async artists(...specs: { name: string; popularity?: number; genres?: readonly string[] }[]) {
      await prisma.artist.createMany({
        data: specs.map(({ name, popularity = 0 }) => ({ id: uuid('artist', name), name, popularity })),
      });
      await prisma.artistGenre.createMany({
        data: specs.flatMap(({ name, genres = [] }) =>
          genres.map((genre, position) => ({
            artistId: uuid('artist', name),
            genreId: uuid('genre', genre),
            position,
          })),
        ),
      });
    },
    async albums(...specs: AlbumSpec[]) {
      await prisma.album.createMany({
        data: specs.map(({ name, released = null, precision = 'DAY', type = 'ALBUM' }) => ({
          id: uuid('album', name),
          title: name,
          type,
          releaseDate: released ? new Date(`${released}T00:00:00Z`) : null,
          releaseDatePrecision: released ? precision : null,
        })),
      });
      await prisma.albumArtist.createMany({
        data: specs.flatMap(({ name, artists = [] }) =>
          artists.map((artist, position) => ({
            albumId: uuid('album', name),
            artistId: uuid('artist', artist),
            position,
          })),
        ),
      });
    },
    async tracks(...specs: TrackSpec[]) {
      await prisma.track.createMany({
        data: specs.map(({ name, album, markets = ['DE', 'US'], values }) => ({
          id: uuid('track', name),
          title: name,
          albumId: album ? uuid('album', album) : null,
          durationMs: 200_000,
          availableMarkets: [...markets],
          ...values,
        })),
      });
      await prisma.trackArtist.createMany({
        data: specs.flatMap(({ name, artists = [] }) =>
          artists.map((artist, position) => ({
            trackId: uuid('track', name),
            artistId: uuid('artist', artist),
            position,
          })),
        ),
      });
    },
    async clear() {
      // Not TRUNCATE: the triggers that count markets would not see it.
      await prisma.track.deleteMany();
      await prisma.album.deleteMany();
      await prisma.artist.deleteMany();
      await prisma.genre.deleteMany();
      await prisma.outbox.deleteMany();
      await prisma.tombstone.deleteMany();
    },
  };
}

export type Rows = ReturnType<typeof createRows>;
