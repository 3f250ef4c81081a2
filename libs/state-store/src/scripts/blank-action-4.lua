--[[
  blank-action: takes everything personal out of an action that is over. What became of it stays, and it is over for good.
  KEYS
    1 action hash
    2 batch hash
    3 evidence of the action
    4 messages that a provider holds (sorted set by the time of the next look)
  ARGV
    1 action id
    2 JSON list of the fields that stay as they are
    3 JSON object of the fields that are blanked and what they hold then
  Output
    { 0, status } blanked | { 1, status } it may still go out | { 2, '' } no such action
]]
local action = redis.call('HMGET', KEYS[1], 'status', 'takeBackState')
local status = action[1]
if not status then return { 2, '' } end
local closed = { rejected = true, revoked = true, expired = true }
if status == 'queued' or status == 'sending' or status == 'unknown' then return { 1, status } end
if status == 'handed_over' and (action[2] == 'open' or redis.call('ZSCORE', KEYS[4], ARGV[1])) then return { 1, status } end
if status == 'frozen' then
  if not closed[redis.call('HGET', KEYS[2], 'status') or ''] then return { 1, status } end
  redis.call('HINCRBY', KEYS[2], 'n:frozen', -1)
  redis.call('HINCRBY', KEYS[2], 'n:blocked', 1)
  status = 'blocked'
  redis.call('HSET', KEYS[1], 'status', status, 'reason', 'suppressed')
end
local stays, blank = {}, cjson.decode(ARGV[3])
for _, field in ipairs(cjson.decode(ARGV[2])) do stays[field] = true end
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if blank[field] then redis.call('HSET', KEYS[1], field, blank[field])
  elseif not stays[field] then redis.call('HDEL', KEYS[1], field) end
end
redis.call('DEL', KEYS[3])
return { 0, status }
