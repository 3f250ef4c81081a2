--[[
  leave-action: records that a provider mailed a message it held. One that was being taken back left too late: that is an
  alarm, and the receipt says so.
  KEYS
    1 action hash
    2 batch hash
    3 messages that a provider holds (sorted set by the time of the next look)
    4 messages being taken back (sorted set by the time of the next try)
    5 persons in flight in this ledger (hash: person key -> action id)
    6 last contact of each person in this ledger (hash: person key -> ms)
    7 audit stream
  ARGV
    1 action id
    2 proof that it was mailed
    3 '1' when this ledger keeps contact records
    4 actor
    5 correlation id
  Output
    { 0, 'left' } done | { 1, status } not handed over
]]
local action = redis.call('HMGET', KEYS[1], 'status', 'batchId', 'who', 'persons', 'takeBackReason')
if action[1] ~= 'handed_over' then return { 1, action[1] or 'missing' } end
local now = nowMs()
local late = redis.call('ZREM', KEYS[4], ARGV[1]) == 1
redis.call('HSET', KEYS[1], 'status', 'left', 'leftAt', now, 'leftProof', ARGV[2], 'settledAt', now,
  'reason', late and 'mailed_before_take_back' or '')
if late then redis.call('HSET', KEYS[1], 'takeBackState', 'too_late') end
redis.call('ZREM', KEYS[3], ARGV[1])
for _, person in ipairs(cjson.decode(action[4] or '[]')) do
  if redis.call('HGET', KEYS[5], person) == ARGV[1] then redis.call('HDEL', KEYS[5], person) end
  if ARGV[3] == '1' then redis.call('HSET', KEYS[6], person, now) end
end
local row = { at = now, kind = 'action.left', ref = ARGV[1], batch = action[2], from = 'handed_over', to = 'left',
  code = late and 'mailed_before_take_back' or 'found_mailed', actor = ARGV[4], who = action[3], cid = ARGV[5] }
appendAudit(KEYS[7], row)
if late then
  appendAudit(KEYS[7], { at = now, kind = 'alarm', ref = ARGV[1], batch = action[2], from = 'handed_over', to = 'left',
    code = 'mailed_before_take_back', actor = ARGV[4], who = action[3], cid = ARGV[5] })
end
closeBatch(KEYS[2], KEYS[7], 'handed_over', 'left', row)
return { 0, 'left' }
