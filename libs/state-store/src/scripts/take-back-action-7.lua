--[[
  take-back-action: records that a provider gave back a message it had not mailed. The person is free again.
  KEYS
    1 action hash
    2 batch hash
    3 unknown actions (sorted set by time)
    4 persons in flight in this ledger (hash: person key -> action id)
    5 audit stream
    6 messages that a provider holds (sorted set by the time of the next look)
    7 messages being taken back (sorted set by the time of the next try)
  ARGV
    1 action id
    2 reason
    3 actor
    4 correlation id
  Output
    { 0, 'taken_back' } done | { 1, status } not handed over
]]
local action = redis.call('HMGET', KEYS[1], 'status', 'batchId', 'who', 'persons')
if action[1] ~= 'handed_over' then return { 1, action[1] or 'missing' } end
local now = nowMs()
redis.call('HSET', KEYS[1], 'status', 'taken_back', 'reason', ARGV[2], 'settledAt', now)
if redis.call('HEXISTS', KEYS[1], 'takeBackSince') == 1 then redis.call('HSET', KEYS[1], 'takeBackState', 'done') end
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('ZREM', KEYS[6], ARGV[1])
redis.call('ZREM', KEYS[7], ARGV[1])
for _, person in ipairs(cjson.decode(action[4] or '[]')) do
  if redis.call('HGET', KEYS[4], person) == ARGV[1] then redis.call('HDEL', KEYS[4], person) end
end
local row = { at = now, kind = 'action.taken_back', ref = ARGV[1], batch = action[2], from = 'handed_over', to = 'taken_back',
  code = ARGV[2], actor = ARGV[3], who = action[3], cid = ARGV[4] }
appendAudit(KEYS[5], row)
closeBatch(KEYS[2], KEYS[5], 'handed_over', 'taken_back', row)
return { 0, 'taken_back' }
