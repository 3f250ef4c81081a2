--[[
  graduate-ramp: a person ends the ramp of a policy, on the days that were judged and no others.
  KEYS
    1 store hash (ended ramp)
    2 ramp hash (who ended it, when it came back, changes)
    3 audit stream
  ARGV
    1 name of the policy
    2 actor
    3 reason
    4 changes counted when the days were judged
    5 the clean days it rests on, with commas
    6 correlation id
  Output
    { 0 } ended | { 1 } it was over already | { 2 } a day was closed meanwhile
]]
if redis.call('HGET', KEYS[1], 'rampEnded') == ARGV[1] then return { 1 } end
if (redis.call('HGET', KEYS[2], 'changes') or '0') ~= ARGV[4] then return { 2 } end
local now = nowMs()
redis.call('HSET', KEYS[1], 'rampEnded', ARGV[1])
redis.call('HINCRBY', KEYS[2], 'changes', 1)
redis.call('HSET', KEYS[2], 'endedAt', now, 'endedBy', ARGV[2], 'endedReason', ARGV[3], 'endedFor', ARGV[1])
appendAudit(KEYS[3], { at = now, kind = 'ramp.graduated', ref = ARGV[1], from = 'ramp', to = 'graduated', code = ARGV[5],
  actor = ARGV[2], cid = ARGV[6] })
return { 0 }
