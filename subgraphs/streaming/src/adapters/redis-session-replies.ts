import { z } from 'zod';
import { playbackContextKinds } from '../domain/playback-context.ts';
import { emptyQueue, type PlaybackQueue } from '../domain/playback-queue.ts';
import type { PlaybackSession } from '../domain/playback-session.ts';

// What the scripts of redis-session-scripts.ts return.

const json = <Value>(schema: z.ZodType<Value>) =>
  z.string().transform((text, context) => {
    try {
      return schema.parse(JSON.parse(text));
    } catch {
      context.addIssue('expected other JSON');
      return z.NEVER;
    }
  });

const time = z.coerce.number().transform((milliseconds) => new Date(milliseconds));

/** A hash, or what stands for one that is not there. */
const fieldsOf = <Value>(schema: z.ZodType<Value>, none: Value) =>
  z.record(z.string(), z.string()).transform((fields, context): Value => {
    if (Object.keys(fields).length === 0) return none;
    const { success, data, error } = schema.safeParse(fields);
    if (success) return data;
    context.addIssue(error.message);
    return z.NEVER;
  });

/** A hash as a script returns it: names and values in turn. */
const hash = z
  .array(z.string())
  .transform((parts) =>
    Object.fromEntries(
      parts.flatMap((part, index) => (index % 2 === 0 ? [[part, parts[index + 1] ?? '']] : [])),
    ),
  );

const context = z.object({ kind: z.enum(playbackContextKinds), id: z.string().nullable() }).nullable();

const session = z
  .object({
    id: z.string(),
    epoch: z.coerce.number(),
    // A session that an older version of this service began has none.
    revision: z.coerce.number().default(0),
    deviceId: z.string(),
    deviceName: json(z.string().nullable()),
    context: json(context),
    trackId: z.string(),
    positionMs: z.coerce.number(),
    paused: z.enum(['0', '1']).transform((flag) => flag === '1'),
    startedAt: time,
    expiresAt: time,
  })
  .transform(
    ({ deviceId, deviceName, ...rest }): PlaybackSession => ({
      ...rest,
      device: { id: deviceId, name: deviceName },
    }),
  );

/** A session; null where none holds the stream. */
export const sessionReply = hash.pipe(fieldsOf<PlaybackSession | null>(session, null));
/** What came of it, who holds the stream now, who held it before. */
export const claimReply = z.tuple([z.enum(['STARTED', 'CONTINUED', 'REFUSED']), sessionReply, sessionReply]);
/** What came of it, who holds the stream now, whether it has another revision. */
export const heartbeatReply = z.tuple([z.enum(['ACTIVE', 'TAKEN_OVER', 'ENDED']), sessionReply, z.number()]);

const queue = z
  .object({
    revision: z.coerce.number(),
    content: json(
      z.object({
        trackIds: z.array(z.string()),
        currentIndex: z.number().nullable(),
        positionMs: z.number(),
        context,
      }),
    ),
    updatedAt: time,
    updatedBy: json(z.object({ id: z.string(), name: z.string().nullable() })),
  })
  .transform(({ content, ...rest }): PlaybackQueue => ({ ...content, ...rest }));

export const queueFields = fieldsOf<PlaybackQueue>(queue, emptyQueue);
/** Whether it was replaced, and as it is now. */
export const queueReply = z.tuple([z.number(), hash.pipe(queueFields)]);
