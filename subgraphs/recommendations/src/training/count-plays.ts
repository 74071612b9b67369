import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeId } from '@medley/ids';
import { type BrokenInArchive, readArchive } from '../archive/read-archive.ts';
import type { ArchiveStore } from '../domain/archive-store.ts';
import type { InteractionTable } from '../domain/training-engine.ts';
import type { Interactions } from '../models/interactions.ts';
import { createInteractionsBuilder } from '../models/interactions-builder.ts';
import { createKeyIndex } from '../models/key-index.ts';
import { artistsOf, type CatalogTrack, readTracks } from './catalog-file.ts';
import { writeInteractions } from './computing/interaction-tables.ts';
import type { AsideRun } from './computing/run-aside.ts';
import { daysOfArchive, nextDay } from './days-of-archive.ts';
import { holdOut } from './hold-out.ts';
import { findPopular } from './popular-items.ts';

export interface CountPlaysTask {
  readonly kind: 'plays';
  readonly folder: string;
  /** The folder of `writeCatalogFiles`. */
  readonly catalog: string;
  /** The first day of plays that are learned from: `2025-11-23`. */
  readonly from: string;
  /** How much memory it may take, beside what a thread takes anyway. */
  readonly memoryBytes: number;
  /** What is held out goes by it. */
  readonly seed: number;
}

/** Where what was counted is, and what of. */
export interface CountedPlays {
  /** What is learned from: users and tracks, users and artists. */
  readonly tracks: InteractionTable;
  readonly artists: InteractionTable;
  readonly heldOut: InteractionTable;
  /** A JSON file: by market, the numbers of the tracks that are played most there. */
  readonly popularFile: string;
  /** Counted plays of tracks that the catalog has. */
  readonly plays: number;
  readonly users: number;
  readonly playedTracks: number;
  /** Milliseconds since 1970; null when there were none. */
  readonly playsUntil: number | null;
  /** The first day that is in it; plays of days before it did not fit into the memory. Null when all did. */
  readonly fromDay: string | null;
  /** Plays of tracks that are gone. */
  readonly unknown: number;
  readonly broken: { readonly rows: number; readonly files: number; readonly first: readonly string[] };
}

/** A skip takes away half of a play. */
const skipWeight = 0.5;
const brokenShown = 20;
/** What is held of a pair of a user and an item, at the widest moment of all stages. */
const bytesAPair = 64;
const bytesAUser = 700;

/**
 * Counts how often each account played each track: counted plays, less half of a play for each skip. The newest days first, as far as
 * the memory goes.
 */
export async function countPlays(
  task: CountPlaysTask,
  archive: Pick<ArchiveStore, 'list' | 'open'>,
  { report }: AsideRun,
): Promise<CountedPlays> {
  const { folder, from, memoryBytes, seed } = task;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const tracks = await readTracks(task.catalog);
  const numberOf = new Map(tracks.map(({ id }, number) => [encodeId('track', id), number]));
  const users = createKeyIndex();
  const [played, skipped] = [createInteractionsBuilder(), createInteractionsBuilder()];
  const lastPlay: { at: number; market: string | null }[] = [];
  const tally = { plays: 0, unknown: 0, playsUntil: Number.NEGATIVE_INFINITY };
  const broken = { rows: 0, files: 0, first: [] as string[] };

  const isFull = () =>
    (played.heldCount + skipped.heldCount) * bytesAPair + users.keys.length * bytesAUser > memoryBytes;
  const days = await daysOfArchive(archive, from);
  let fromDay: string | null = null;
  for (const [index, day] of days.entries()) {
    const plays = readArchive(archive, {
      ...{ from: day, before: nextDay(day) },
      fields: ['userId', 'trackId', 'playedAt', 'counted', 'skipped', 'market'],
      onBroken: (found) => noteBroken(broken, found),
    });
    for await (const { plays: some } of plays) {
      for (const play of some) {
        if (!(play.counted || play.skipped)) continue;
        const track = numberOf.get(play.trackId);
        if (track === undefined) {
          tally.unknown += 1;
          continue;
        }
        const user = users.numberOf(play.userId);
        if (play.counted) played.add(user, track, 1);
        if (play.skipped) skipped.add(user, track, skipWeight);
        if (!play.counted) continue;
        const at = play.playedAt.getTime();
        tally.plays += 1;
        tally.playsUntil = Math.max(tally.playsUntil, at);
        if (!(at <= (lastPlay[user]?.at ?? Number.NEGATIVE_INFINITY)))
          lastPlay[user] = { at, market: play.market };
      }
      report(index / days.length);
    }
    if (isFull() && index < days.length - 1) {
      fromDay = day;
      break;
    }
  }

  const size = { userCount: users.keys.length, itemCount: tracks.length };
  const all = subtract(played.build(size), skipped.build(size));
  const { train, heldOut } = holdOut(all, seed);
  const popularFile = join(folder, 'popular.json');
  const marketOf = Array.from({ length: size.userCount }, (_, user) => lastPlay[user]?.market ?? null);
  await writeFile(popularFile, JSON.stringify(Object.fromEntries(findPopular(all, marketOf))));
  return {
    tracks: await writeInteractions(join(folder, 'tracks'), train),
    artists: await writeInteractions(join(folder, 'artists'), toArtists(train, tracks)),
    heldOut: await writeInteractions(join(folder, 'held-out'), heldOut),
    popularFile,
    ...{ plays: tally.plays, unknown: tally.unknown, fromDay, broken },
    users: countRows(all),
    playedTracks: new Set(all.items).size,
    playsUntil: tally.plays > 0 ? tally.playsUntil : null,
  };
}

function noteBroken(broken: { rows: number; files: number; first: string[] }, found: BrokenInArchive): void {
  if (found.row === null) broken.files += 1;
  else broken.rows += found.rows ?? 1;
  if (broken.first.length < brokenShown)
    broken.first.push(`${found.file}${found.row === null ? '' : ` row ${found.row}`}: ${found.reason}`);
}

/** What is left of the first; what comes to nothing is gone. Both have the same users and items. */
export function subtract(one: Interactions, other: Interactions): Interactions {
  const { userCount, itemCount } = one;
  const starts = new Uint32Array(userCount + 1);
  const [items, counts] = [new Uint32Array(one.items.length), new Float32Array(one.items.length)];
  let filled = 0;
  for (let user = 0; user < userCount; user += 1) {
    let place = other.starts[user] as number;
    const end = other.starts[user + 1] as number;
    for (let at = one.starts[user] as number; at < (one.starts[user + 1] as number); at += 1) {
      const item = one.items[at] as number;
      while (place < end && (other.items[place] as number) < item) place += 1;
      const less = place < end && other.items[place] === item ? (other.counts[place] as number) : 0;
      const count = (one.counts[at] as number) - less;
      if (count <= 0) continue;
      items[filled] = item;
      counts[filled] = count;
      filled += 1;
    }
    starts[user + 1] = filled;
  }
  return { userCount, itemCount, starts, items: items.slice(0, filled), counts: counts.slice(0, filled) };
}

/** How often each account played each artist: all artists of a track were played with it. */
function toArtists(interactions: Interactions, tracks: readonly CatalogTrack[]): Interactions {
  const artists = artistsOf(tracks);
  const numberOf = new Map(artists.map((id, number) => [id, number]));
  const ofTrack = tracks.map(({ artistIds }) => artistIds.map((id) => numberOf.get(id) as number));
  const builder = createInteractionsBuilder();
  const { userCount, starts, items, counts } = interactions;
  for (let user = 0; user < userCount; user += 1)
    for (let at = starts[user] as number; at < (starts[user + 1] as number); at += 1)
      for (const artist of ofTrack[items[at] as number] ?? [])
        builder.add(user, artist, counts[at] as number);
  return builder.build({ userCount, itemCount: artists.length });
}

function countRows({ userCount, starts }: Interactions): number {
  let rows = 0;
  for (let user = 0; user < userCount; user += 1)
    if ((starts[user + 1] as number) > (starts[user] as number)) rows += 1;
  return rows;
}
