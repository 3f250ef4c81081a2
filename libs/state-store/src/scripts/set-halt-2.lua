--[[
  set-halt: turns the durable stop on or off. Stopping while stopped keeps the first stop's name
  and reason and notes the new ones beside them.
  KEYS
    1 halt hash
    2 audit stream
  ARGV
    1 '1' stop, '0' lift
    2 actor
    3 reason
    4 correlation id
  Output
    { 0 } changed | { 1 } it was so already
]]
local active = redis.call('HGET', KEYS[1], 'active') == '1'
local now = nowMs()
if active and ARGV[1] == '1' then
  local also = cjson.decode(redis.call('HGET', KEYS[1], 'also') or '[]')
  table.insert(also, { by = ARGV[2], reason = ARGV[3], at = now })
  if #also > 20 then table.remove(also, 1) end
  redis.call('HSET', KEYS[1], 'also', cjson.encode(also))
  appendAudit(KEYS[2], { at = now, kind = 'halt.repeated', ref = 'halt', actor = ARGV[2], code = '', cid = ARGV[4] })
  return { 1 }
end
if active == (ARGV[1] == '1') then return { 1 } end
redis.call('HDEL', KEYS[1], 'also')
redis.call('HSET', KEYS[1], 'active', ARGV[1], 'by', ARGV[2], 'reason', ARGV[3], 'at', now)
appendAudit(KEYS[2], { at = now, kind = ARGV[1] == '1' and 'halt.set' or 'halt.lifted', ref = 'halt', actor = ARGV[2],
  code = '', cid = ARGV[4] })
return { 0 }
