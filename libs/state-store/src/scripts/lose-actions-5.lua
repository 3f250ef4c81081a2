--[[
  lose-actions: actions in flight past their lease become unknown; nobody may send them again before the truth is known.
  KEYS
    1 sending actions (sorted set by lease end)
    2 unknown actions (sorted set by time)
    3 action: key prefix, the id follows
    4 batch: key prefix, the id follows
    5 audit stream
  ARGV
    1 how many at most
  Output
    list of action ids that became unknown
]]
local now = nowMs()
local lost = {}
for _, actionId in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[1])) do
  local key = KEYS[3] .. actionId
  local action = redis.call('HMGET', key, 'status', 'batchId', 'who', 'cid')
  redis.call('ZREM', KEYS[1], actionId)
  if action[1] == 'sending' then
    redis.call('HSET', key, 'status', 'unknown', 'reason', 'lease_expired', 'unknownSince', now)
    redis.call('ZADD', KEYS[2], now, actionId)
    redis.call('HINCRBY', KEYS[4] .. action[2], 'n:sending', -1)
    redis.call('HINCRBY', KEYS[4] .. action[2], 'n:unknown', 1)
    countChange(KEYS[4] .. action[2], now)
    appendAudit(KEYS[5], { at = now, kind = 'action.unknown', ref = actionId, batch = action[2], from = 'sending', to = 'unknown',
      code = 'lease_expired', actor = 'gatekeeper', who = action[3], cid = action[4] })
    lost[#lost + 1] = actionId
  end
end
return lost
