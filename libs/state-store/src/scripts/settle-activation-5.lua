--[[
  settle-activation: records whether a provider mails what it holds of a batch, as it was read back from the provider.
  KEYS
    1 batch hash
    2 halt hash
    3 batches whose messages a provider mails by itself (sorted set by the time of the last step)
    4 messages that a provider holds (sorted set by the time of the next look)
    5 audit stream
  ARGV
    1 batch id
    2 new state: active | paused | none
    3 JSON list of the messages to look at soon
    4 why, for the audit
    5 actor
    6 correlation id
  Output
    { '1' when everything is stopped by now, else '0' }
]]
local before = redis.call('HGET', KEYS[1], 'activation') or ''
local now = nowMs()
local to = ARGV[2] == 'none' and '' or ARGV[2]
if before ~= to then
  redis.call('HSET', KEYS[1], 'activation', to, 'activationAt', now)
  countChange(KEYS[1], now)
  appendAudit(KEYS[5], { at = now, kind = 'batch.activation', ref = ARGV[1], batch = ARGV[1], from = before, to = ARGV[2],
    code = ARGV[4], actor = ARGV[5], cid = ARGV[6] })
end
if to == 'active' then
  redis.call('ZADD', KEYS[3], now, ARGV[1])
  for _, actionId in ipairs(cjson.decode(ARGV[3])) do redis.call('ZADD', KEYS[4], 'XX', now, actionId) end
else
  redis.call('ZREM', KEYS[3], ARGV[1])
end
return { redis.call('HGET', KEYS[2], 'active') == '1' and '1' or '0' }
