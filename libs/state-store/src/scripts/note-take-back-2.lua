--[[
  note-take-back: keeps why a message did not come back yet, and when it is asked for again; each further try waits twice
  as long.
  KEYS
    1 action hash
    2 messages being taken back (sorted set by the time of the next try)
  ARGV
    1 action id
    2 what the provider answered: a code
    3 milliseconds to wait after the first try
    4 milliseconds the wait grows to
  Output
    { 0, time of the next try } noted | { 1, status } not being taken back any more
]]
local status = redis.call('HGET', KEYS[1], 'status')
if status ~= 'handed_over' or not redis.call('ZSCORE', KEYS[2], ARGV[1]) then
  redis.call('ZREM', KEYS[2], ARGV[1])
  return { 1, status or 'missing' }
end
local now = nowMs()
local tries = redis.call('HINCRBY', KEYS[1], 'takeBackTries', 1)
local wait = math.min(tonumber(ARGV[4]), tonumber(ARGV[3]) * 2 ^ math.min(tries - 1, 30))
local nextAt = math.floor(now + wait)
redis.call('HSET', KEYS[1], 'takeBackAnswer', ARGV[2], 'takeBackTriedAt', now)
redis.call('ZADD', KEYS[2], nextAt, ARGV[1])
return { 0, tostring(nextAt) }
