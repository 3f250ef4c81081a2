--[[
  adopt-finding: after a restart of the store, an open action that the provider has already is settled as what was found
  and never sent again. What the older store forgot about the person is written again.
  KEYS
    1 action hash
    2 batch hash
    3 queued actions (sorted set by due time)
    4 sending actions (sorted set by lease end)
    5 unknown actions (sorted set by time)
    6 persons in flight in this ledger (hash: person key -> action id)
    7 last contact of each person in this ledger (hash: person key -> ms)
    8 audit stream
    9 messages that a provider holds (sorted set by the time of the next look)
  ARGV
    1 action id
    2 new status: handed_over | left
    3 provider's id of the message
    4 proof
    5 JSON list of person keys
    6 '1' when the provider still holds the message and may mail it
    7 '1' when this ledger keeps contact records
    8 correlation id
  Output
    { 0, status } adopted | { 1, status } no longer open
]]
local action = redis.call('HMGET', KEYS[1], 'status', 'batchId', 'who')
local open = { frozen = true, queued = true, sending = true, unknown = true }
if not open[action[1] or ''] then return { 1, action[1] or 'missing' } end
local now = nowMs()
local to = ARGV[2]
redis.call('HSET', KEYS[1], 'status', to, 'providerMessageId', ARGV[3], 'proof', ARGV[4], 'settledAt', now,
  'reason', '', 'lastOutcome', 'adopted', 'persons', ARGV[5])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('ZREM', KEYS[4], ARGV[1])
redis.call('ZREM', KEYS[5], ARGV[1])
if to == 'handed_over' and ARGV[6] == '1' then redis.call('ZADD', KEYS[9], now, ARGV[1]) end
for _, person in ipairs(cjson.decode(ARGV[5])) do
  if ARGV[6] == '1' then
    redis.call('HSET', KEYS[6], person, ARGV[1])
  elseif redis.call('HGET', KEYS[6], person) == ARGV[1] then
    redis.call('HDEL', KEYS[6], person)
  end
  if to == 'left' and ARGV[7] == '1' then redis.call('HSET', KEYS[7], person, now) end
end
appendAudit(KEYS[8], { at = now, kind = 'action.adopted', ref = ARGV[1], batch = action[2], from = action[1], to = to,
  code = 'found_at_provider', actor = 'gatekeeper', who = action[3], cid = ARGV[8] })
closeBatch(KEYS[2], KEYS[8], action[1], to, { at = now, batch = action[2], actor = 'gatekeeper', cid = ARGV[8] })
return { 0, to }
