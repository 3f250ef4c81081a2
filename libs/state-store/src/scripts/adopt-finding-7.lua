--[[
  adopt-finding: after a restart of the store, an open action that the provider already holds is settled as handed over
  and never sent again.
  KEYS
    1 action hash
    2 batch hash
    3 queued actions (sorted set by due time)
    4 sending actions (sorted set by lease end)
    5 unknown actions (sorted set by time)
    6 persons in flight in this ledger (hash: person key -> action id)
    7 audit stream
  ARGV
    1 action id
    2 provider's id of the message
    3 proof
    4 JSON list of person keys
    5 '1' when the provider still holds the message and may mail it
    6 correlation id
  Output
    { 0, status } adopted | { 1, status } no longer open
]]
local action = redis.call('HMGET', KEYS[1], 'status', 'batchId', 'who')
local open = { frozen = true, queued = true, sending = true, unknown = true }
if not open[action[1] or ''] then return { 1, action[1] or 'missing' } end
local now = nowMs()
redis.call('HSET', KEYS[1], 'status', 'handed_over', 'providerMessageId', ARGV[2], 'proof', ARGV[3], 'settledAt', now,
  'reason', '', 'lastOutcome', 'adopted')
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('ZREM', KEYS[4], ARGV[1])
redis.call('ZREM', KEYS[5], ARGV[1])
if ARGV[5] == '1' then
  for _, person in ipairs(cjson.decode(ARGV[4])) do redis.call('HSET', KEYS[6], person, ARGV[1]) end
end
appendAudit(KEYS[7], { at = now, kind = 'action.adopted', ref = ARGV[1], batch = action[2], from = action[1], to = 'handed_over',
  code = 'found_at_provider', actor = 'gatekeeper', who = action[3], cid = ARGV[6] })
closeBatch(KEYS[2], KEYS[7], action[1], 'handed_over', { at = now, batch = action[2], actor = 'gatekeeper', cid = ARGV[6] })
return { 0, 'handed_over' }
