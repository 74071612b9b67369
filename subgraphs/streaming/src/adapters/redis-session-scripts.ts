// Lua, so that each is one step in Redis. The rules are those of domain/lease.ts; one suite holds both to them. Time is the
// server's, so that the clocks of replicas of this process do not matter.
//
// KEYS[1], the session: a hash `epoch`, and of the last session that was not stopped `id revision deviceId deviceName context trackId
// positionMs paused startedAt expiresAt`. Fields of at most 64 bytes, as most are, Redis packs into half of the memory.
// KEYS[2], displaced sessions: a sorted set of session ids by the epoch of the one they gave way to.

const common = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function holds()
  local expires = redis.call('HGET', KEYS[1], 'expiresAt')
  return expires and tonumber(expires) > now
end
local function session()
  return redis.call('HGETALL', KEYS[1])
end
`;

/**
 * ARGV: sessionId, deviceId, deviceName, context, trackId, positionMs, takeOver (1 or 0), leaseMs, rememberMs, maxDisplaced.
 * Returns an outcome, the session that holds the stream now, and the one that held it before, empty where it held none.
 */
export const claim = `${common}
local sessionId, deviceId, deviceName, context, trackId, positionMs, takeOver = unpack(ARGV, 1, 7)
local leaseMs, rememberMs, maxDisplaced = tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])
local last = redis.call('HMGET', KEYS[1], 'id', 'deviceId', 'epoch')
local held, own = holds(), last[2] == deviceId
if held and not own and takeOver == '0' then return {'REFUSED', session(), {}} end

local outcome, replaced = 'CONTINUED', {}
if held and own then
  redis.call('HINCRBY', KEYS[1], 'revision', 1)
else
  outcome = 'STARTED'
  if held then replaced = session() end
  local epoch = math.max(tonumber(last[3] or 0) + 1, now)
  if last[1] and not own then
    redis.call('ZADD', KEYS[2], epoch, last[1])
    redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - rememberMs)
    redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -1 - maxDisplaced)
    redis.call('PEXPIRE', KEYS[2], rememberMs)
  end
  redis.call('HSET', KEYS[1], 'id', sessionId, 'epoch', epoch, 'revision', 1, 'startedAt', now)
end
redis.call('HSET', KEYS[1], 'deviceId', deviceId, 'deviceName', deviceName, 'context', context, 'trackId', trackId,
  'positionMs', positionMs, 'paused', 0, 'expiresAt', now + leaseMs)
redis.call('PEXPIRE', KEYS[1], math.max(leaseMs, rememberMs))
return {outcome, session(), replaced}
`;

/**
 * ARGV: sessionId, positionMs, paused (1 or 0), trackId (empty: as before), leaseMs, rememberMs, jumpMs.
 * Returns an outcome, the session that holds the stream now, empty where none does, and 1 where it has another revision.
 */
export const heartbeat = `${common}
local held = holds()
if held and redis.call('HGET', KEYS[1], 'id') == ARGV[1] then
  local before = redis.call('HMGET', KEYS[1], 'trackId', 'paused', 'positionMs', 'expiresAt')
  local leaseMs, rememberMs = tonumber(ARGV[5]), tonumber(ARGV[6])
  local trackId = ARGV[4]
  if trackId == '' then trackId = before[1] end
  local expected = tonumber(before[3])
  if before[2] == '0' then expected = expected + now - (tonumber(before[4]) - leaseMs) end
  local jumps = math.abs(tonumber(ARGV[2]) - expected) > tonumber(ARGV[7])
  local changed = trackId ~= before[1] or ARGV[3] ~= before[2] or jumps
  if changed then redis.call('HINCRBY', KEYS[1], 'revision', 1) end
  redis.call('HSET', KEYS[1], 'positionMs', ARGV[2], 'paused', ARGV[3], 'trackId', trackId, 'expiresAt', now + leaseMs)
  redis.call('PEXPIRE', KEYS[1], math.max(leaseMs, rememberMs))
  return {'ACTIVE', session(), changed and 1 or 0}
end
local at = redis.call('ZSCORE', KEYS[2], ARGV[1])
if at and tonumber(at) > now - tonumber(ARGV[6]) then
  return {'TAKEN_OVER', held and session() or {}, 0}
end
return {'ENDED', {}, 0}
`;

/** ARGV: sessionId. Returns the session that held the stream until now, empty where this one did not. */
export const stop = `${common}
if redis.call('HGET', KEYS[1], 'id') ~= ARGV[1] then return {} end
local released = {}
if holds() then released = session() end
redis.call('HDEL', KEYS[1], 'id', 'revision', 'deviceId', 'deviceName', 'context', 'trackId', 'positionMs', 'paused',
  'startedAt', 'expiresAt')
return released
`;

/** Returns the session that holds the stream, empty where none does. */
export const find = `${common}
return holds() and session() or {}
`;

/**
 * KEYS[1], the queue: a hash `revision content updatedAt updatedBy`. ARGV: content, device, ifRevision (empty: any), queueMs.
 * Returns 1 when it was replaced, else 0, and the queue as it is now.
 */
export const replaceQueue = `${common}
local revision = tonumber(redis.call('HGET', KEYS[1], 'revision') or 0)
if ARGV[3] ~= '' and tonumber(ARGV[3]) ~= revision then return {0, redis.call('HGETALL', KEYS[1])} end
redis.call('HSET', KEYS[1], 'revision', revision + 1, 'content', ARGV[1], 'updatedBy', ARGV[2], 'updatedAt', now)
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return {1, redis.call('HGETALL', KEYS[1])}
`;
