import { z } from 'zod';
import type { Mix } from '../domain/mixes.ts';

/** A mix as both databases have it. */
export interface MixRow {
  readonly mix_id: string;
  readonly user_id: string;
  readonly kind: string;
  readonly slot: number;
  readonly made_at: Date;
  readonly fixed_until: Date;
  /** JSON: all that nobody looks for. */
  readonly body: string;
}

export function toMixRow({ id, userId, kind, slot, madeAt, fixedUntil, ...body }: Mix): MixRow {
  return {
    mix_id: id,
    user_id: userId,
    kind,
    slot,
    made_at: madeAt,
    fixed_until: fixedUntil,
    body: JSON.stringify(body),
  };
}

/** @throws when the body is none */
export function toMix({ mix_id, user_id, kind, slot, made_at, fixed_until, body }: MixRow): Mix {
  return {
    id: mix_id,
    userId: user_id,
    kind: kindSchema.parse(kind),
    slot,
    madeAt: made_at,
    fixedUntil: fixed_until,
    ...bodySchema.parse(JSON.parse(body)),
  };
}

const kindSchema = z.enum(['DISCOVER_WEEKLY', 'DAILY_MIX']);
const time = z.iso.datetime().transform((text) => new Date(text));
const bodySchema: z.ZodType<Pick<Mix, 'title' | 'description' | 'artistIds' | 'tracks' | 'model' | 'asOf'>> =
  z.object({
    title: z.string(),
    description: z.string(),
    artistIds: z.array(z.string()),
    tracks: z.array(
      z.object({
        trackId: z.string(),
        reason: z.enum([
          'LISTENED_TOGETHER',
          'SOUNDS_ALIKE',
          'SAME_ARTIST',
          'PLAYED_BEFORE',
          'FITS_TASTE',
          'POPULAR',
        ]),
        because: z.object({ kind: z.enum(['TRACK', 'ARTIST']), id: z.string() }).nullable(),
      }),
    ),
    model: z.object({ version: z.string(), method: z.string(), trainedAt: time }).nullable(),
    asOf: time,
  });
