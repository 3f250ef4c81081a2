--[[
  close-ramp-day: keeps what happened on a day that is over, once, however many processes ask, and brings the ramp back
  when the day says so.
  KEYS
    1 store hash (ended ramp, grown cap)
    2 ramp hash (who ended it, when it came back, changes)
    3 days of the zone (hash: day -> facts as JSON)
    4 audit stream
  ARGV
    1 day
    2 facts as JSON
    3 what the day was, with reasons: clean | missed | not_clean:bounce,halt
    4 name of the policy
    5 reasons that bring its ramp back, with commas, or empty
    6 what the daily cap grew to, or empty
    7 JSON object: earlier day -> bounces and complaints that came on this one about messages of that day
    8 end of the day (ms)
    9 correlation id
  Output
    { 0 } kept | { 1 } kept before | { 2 } kept, and the ramp is back
]]
if redis.call('HSETNX', KEYS[3], ARGV[1], ARGV[2]) == 0 then return { 1 } end
local now = nowMs()
for day, count in pairs(cjson.decode(ARGV[7])) do
  local text = redis.call('HGET', KEYS[3], day)
  if text then
    local facts = cjson.decode(text)
    facts.lateBounces = (facts.lateBounces or 0) + count
    redis.call('HSET', KEYS[3], day, cjson.encode(facts))
  end
end
redis.call('HINCRBY', KEYS[2], 'changes', 1)
redis.call('HSET', KEYS[1], 'grown', ARGV[6] == '' and 0 or ARGV[6], 'grownFor', ARGV[4])
local row = { at = now, kind = 'ramp.day_closed', ref = ARGV[1], to = string.match(ARGV[3], '^[a-z_]+'), code = ARGV[3],
  actor = 'gatekeeper', cid = ARGV[9] }
appendAudit(KEYS[4], row)
local ended = redis.call('HGET', KEYS[1], 'rampEnded') == ARGV[4]
local endedAt = tonumber(redis.call('HGET', KEYS[2], 'endedAt') or '0')
if ARGV[5] == '' or not ended or endedAt >= tonumber(ARGV[8]) then return { 0 } end
redis.call('HDEL', KEYS[1], 'rampEnded')
redis.call('HSET', KEYS[2], 'backAt', now, 'backDay', ARGV[1], 'backReasons', ARGV[5], 'backFor', ARGV[4])
appendAudit(KEYS[4], { at = now, kind = 'ramp.dropped_back', ref = ARGV[1], from = 'graduated', to = 'ramp', code = ARGV[5],
  actor = 'gatekeeper', cid = ARGV[9] })
return { 2 }
