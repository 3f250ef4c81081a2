--[[
  drop-draft: removes a draft and every place that finds it, unless a message made of it still holds its text.
  KEYS
    1 draft hash
    2 drafts by status: key prefix, the status follows
    3 drafts by their latest decision (sorted set by time)
    4 every draft of a person: key prefix, the person key follows, or `under:` and an exclusion key
    5 live draft of each person: key prefix, the motion follows
    6 action: key prefix, the id follows
  ARGV
    1 draft id
    2 JSON list of exclusion keys
    3 JSON list of motions
    4 address of an action that was blanked
  Output
    { 0 } removed | { 1 } its message is not blanked
]]
local draft = redis.call('HMGET', KEYS[1], 'status', 'batchId', 'actionId', 'persons')
if draft[1] == 'batched' and draft[3] then
  local address = redis.call('HGET', KEYS[6] .. draft[3], 'email')
  if address and address ~= ARGV[4] then return { 1 } end
end
for _, person in ipairs(cjson.decode(draft[4] or '[]')) do
  redis.call('SREM', KEYS[4] .. person, ARGV[1])
  for _, motion in ipairs(cjson.decode(ARGV[3])) do
    if redis.call('HGET', KEYS[5] .. motion, person) == ARGV[1] then redis.call('HDEL', KEYS[5] .. motion, person) end
  end
end
for _, key in ipairs(cjson.decode(ARGV[2])) do redis.call('SREM', KEYS[4] .. 'under:' .. key, ARGV[1]) end
if draft[1] then redis.call('ZREM', KEYS[2] .. draft[1], ARGV[1]) end
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('DEL', KEYS[1])
return { 0 }
