--[[
  take-due-actions: hands out queued actions whose time has come and hides them until the grace is over, so that one
  sweep at a time enqueues them and a lost job is found again.
  KEYS
    1 queued actions (sorted set by due time)
    2 action: key prefix, the id follows
  ARGV
    1 how many at most
    2 grace in milliseconds
  Output
    flat list: action id, job sequence, batch id, execution id, fence, correlation id, …
]]
local now = nowMs()
local taken = {}
for _, actionId in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[1])) do
  local key = KEYS[2] .. actionId
  local sequence = redis.call('HINCRBY', key, 'sequence', 1)
  local action = redis.call('HMGET', key, 'batchId', 'executionId', 'fence', 'cid')
  redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), actionId)
  taken[#taken + 1] = actionId
  taken[#taken + 1] = tostring(sequence)
  for position = 1, 4 do taken[#taken + 1] = action[position] or '' end
end
return taken
