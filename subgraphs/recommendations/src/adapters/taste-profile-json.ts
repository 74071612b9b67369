import { z } from 'zod';
import type { Liking, RecentPlay, TasteProfile } from '../domain/taste-profile.ts';

/** What is kept has this form; another one has another number. */
const form = 1;

/** A profile in a third of the bytes that it has with the names of its fields, some 20 KB when it is full. */
export function encodeTasteProfile(profile: TasteProfile): string {
  const { userId, version, decayedTo, taken, positions, asOf } = profile;
  const [tracks, artists, genres] = [profile.tracks, profile.artists, profile.genres].map(flatten);
  const recent = profile.recent.map(({ eventId, trackId, playedAt, signal, credited, context }) => [
    eventId,
    trackId,
    playedAt,
    signal,
    credited ? 1 : 0,
    ...(context ? [context.kind, context.id] : []),
  ]);
  return JSON.stringify([
    form,
    userId,
    version,
    decayedTo,
    tracks,
    artists,
    genres,
    recent,
    taken,
    positions,
    asOf,
  ]);
}

/** @returns null for what is none: another version of us wrote it, or it is broken */
export function decodeTasteProfile(text: string): TasteProfile | null {
  try {
    const { success, data } = profileSchema.safeParse(JSON.parse(text));
    return success ? data : null;
  } catch {
    return null;
  }
}

function flatten(likings: readonly Liking[]): (string | number)[] {
  const flat: (string | number)[] = [];
  for (const { id, weight } of likings) flat.push(id, weight);
  return flat;
}

const time = z.number();
const likings = z.array(z.union([z.string(), z.number()])).transform((flat) => {
  const unfolded: Liking[] = [];
  for (let index = 0; index + 1 < flat.length; index += 2)
    unfolded.push({ id: String(flat[index]), weight: Number(flat[index + 1]) });
  return unfolded;
});
const recentPlay = z
  .tuple([z.string(), z.string(), time, z.number(), z.union([z.literal(0), z.literal(1)])])
  .rest(z.string().nullable())
  .transform(
    ([eventId, trackId, playedAt, signal, credited, kind, id]): RecentPlay => ({
      eventId,
      trackId,
      playedAt,
      signal,
      credited: credited === 1,
      context: typeof kind === 'string' ? { kind, id: id ?? null } : null,
    }),
  );
const profileSchema = z
  .tuple([
    z.literal(form),
    z.string(),
    z.int().positive(),
    time,
    likings,
    likings,
    likings,
    z.array(recentPlay),
    z.array(z.string()),
    z.record(z.string(), z.string()),
    time,
  ])
  .transform(
    ([
      ,
      userId,
      version,
      decayedTo,
      tracks,
      artists,
      genres,
      recent,
      taken,
      positions,
      asOf,
    ]): TasteProfile => ({
      userId,
      version,
      decayedTo,
      tracks,
      artists,
      genres,
      recent,
      taken,
      positions,
      asOf,
    }),
  );
