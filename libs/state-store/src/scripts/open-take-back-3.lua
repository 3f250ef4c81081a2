--[[
  open-take-back: notes that a message a provider holds has to come back. It stays noted until the provider's own answer
  settles it; asking again changes nothing.
  KEYS
    1 action hash
    2 messages being taken back (sorted set by the time of the next try)
    3 audit stream
  ARGV
    1 action id
    2 reason
    3 actor
    4 correlation id
  Output
    { 0, 'handed_over' } noted | { 1, status } not handed over | { 2, 'handed_over' } noted before
]]
local action = redis.call('HMGET', KEYS[1], 'status', 'batchId', 'who')
if action[1] ~= 'handed_over' then return { 1, action[1] or 'missing' } end
if redis.call('ZSCORE', KEYS[2], ARGV[1]) then return { 2, action[1] } end
local now = nowMs()
redis.call('HSET', KEYS[1], 'takeBackState', 'open', 'takeBackSince', now, 'takeBackReason', ARGV[2], 'takeBackBy', ARGV[3],
  'takeBackCid', ARGV[4], 'takeBackTries', 0, 'takeBackAnswer', '')
redis.call('ZADD', KEYS[2], now, ARGV[1])
appendAudit(KEYS[3], { at = now, kind = 'action.taking_back', ref = ARGV[1], batch = action[2], from = action[1], to = action[1],
  code = ARGV[2], actor = ARGV[3], who = action[3], cid = ARGV[4] })
return { 0, action[1] }
