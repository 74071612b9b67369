import type { Redis } from 'ioredis';
import { z } from 'zod';
import {
  type RadioItem,
  type RadioSession,
  type RadioSessions,
  radioMemory,
  radioSessionMs,
} from '../domain/radio-sessions.ts';

/**
 * Radios in Redis, for all processes together: a list for each, whose first entry is its beginning. It goes 12 h after it served its
 * last track.
 * @param client of `connectRedis`
 */
export function createRedisRadioSessions({
  client,
  keyPrefix = 'recommendations:radio:',
}: {
  client: Redis;
  keyPrefix?: string;
}): RadioSessions {
  return {
    async find(id) {
      const entries = await client.lrange(`${keyPrefix}${id}`, 0, -1);
      return readSession(entries);
    },
    async append(id, { at, beganAt, items }) {
      const given = [at, beganAt.getTime(), radioMemory, radioSessionMs, ...items.map(writeItem)];
      const entries = await client.eval(appendScript, 1, `${keyPrefix}${id}`, ...given);
      const session = readSession(entries as string[]);
      if (!session) throw new TypeError('a radio was kept that cannot be read');
      return session;
    },
  };
}

// KEYS[1] the list; ARGV: how many it had served, when it begins, how many are remembered, for how long, then what is added.
// Its first entry is `<when it began> <the place of the first one that is remembered>`.
const appendScript = `
local head = redis.call('LINDEX', KEYS[1], 0)
if not head then
  head = ARGV[2] .. ' ' .. ARGV[1]
  redis.call('RPUSH', KEYS[1], head)
end
local began, from = string.match(head, '^(%d+) (%d+)$')
local size = redis.call('LLEN', KEYS[1]) - 1
if from + size < tonumber(ARGV[1]) then
  redis.call('DEL', KEYS[1])
  from, size = ARGV[1], 0
  redis.call('RPUSH', KEYS[1], began .. ' ' .. from)
end
if from + size == tonumber(ARGV[1]) then
  for index = 5, #ARGV do redis.call('RPUSH', KEYS[1], ARGV[index]) end
  local over = size + #ARGV - 4 - tonumber(ARGV[3])
  if over > 0 then
    redis.call('LTRIM', KEYS[1], over, -1)
    redis.call('LSET', KEYS[1], 0, string.format('%s %d', began, from + over))
  end
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
end
return redis.call('LRANGE', KEYS[1], 0, -1)
`;

/** Null where there is none, and for what another version of us wrote, and we cannot read: it goes on as if it were forgotten. */
function readSession([head, ...entries]: readonly string[]): RadioSession | null {
  const [, began, from] = /^(\d+) (\d+)$/.exec(head ?? '') ?? [];
  if (!began || !from) return null;
  try {
    const items = entries.map(readItem);
    return {
      beganAt: new Date(Number(began)),
      from: Number(from),
      items,
      served: Number(from) + items.length,
    };
  } catch {
    return null;
  }
}

// As short as can be: a radio has hundreds of them.
const writeItem = ({ trackId, reason, because, source, modelled }: RadioItem): string =>
  JSON.stringify([trackId, reason, source, modelled, because && [because.kind, because.id]]);

const itemSchema = z.tuple([
  z.string(),
  z.enum([
    'LISTENED_TOGETHER',
    'SOUNDS_ALIKE',
    'SAME_ARTIST',
    'PLAYED_BEFORE',
    'NEW_FROM_FOLLOWED',
    'FITS_TASTE',
    'POPULAR',
  ]),
  z.enum(['LIVE', 'BATCH', 'POPULAR']),
  z.boolean(),
  z.tuple([z.enum(['TRACK', 'ARTIST']), z.string()]).nullable(),
]);

function readItem(text: string): RadioItem {
  const [trackId, reason, source, modelled, because] = itemSchema.parse(JSON.parse(text));
  return { trackId, reason, source, modelled, because: because && { kind: because[0], id: because[1] } };
}
