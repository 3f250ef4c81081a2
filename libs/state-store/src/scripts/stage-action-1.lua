--[[
  stage-action: writes one action before its batch exists, once. An action that is there already stays as it is, down to
  its time to live.
  KEYS
    1 action hash
  ARGV
    1 message bytes
    2 JSON object of the other fields (strings)
    3 seconds until an action that no batch takes goes by itself
  Output
    { 0 } staged | { 1 } there already
]]
if redis.call('EXISTS', KEYS[1]) == 1 then return { 1 } end
redis.call('HSET', KEYS[1], 'bytes', ARGV[1])
for field, value in pairs(cjson.decode(ARGV[2])) do redis.call('HSET', KEYS[1], field, value) end
redis.call('EXPIRE', KEYS[1], ARGV[3])
return { 0 }
