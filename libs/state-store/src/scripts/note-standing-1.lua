--[[
  note-standing: writes down what the provider was last found to say about an action whose fate is unknown, once per change.
  KEYS
    1 action hash
  ARGV
    1 attempt id
    2 how it stands
  Output
    { 1 } written | { 0 } it stood so already, or is not this attempt's
]]
local action = redis.call('HMGET', KEYS[1], 'status', 'attemptId', 'standing', 'standingOf')
if action[1] ~= 'unknown' or action[2] ~= ARGV[1] then return { 0 } end
if action[3] == ARGV[2] and action[4] == ARGV[1] then return { 0 } end
redis.call('HSET', KEYS[1], 'standing', ARGV[2], 'standingOf', ARGV[1], 'standingSince', nowMs())
return { 1 }
