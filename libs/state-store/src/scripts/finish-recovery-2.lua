--[[
  finish-recovery: sending may go on, if the store is still the run that was compared.
  KEYS
    1 store hash (run id, recovery)
    2 audit stream
  ARGV
    1 run id that was compared
    2 correlation id
  Output
    { 0 } done | { 1 } another run by now
]]
local store = redis.call('HMGET', KEYS[1], 'runId', 'recovering')
if store[1] ~= ARGV[1] then return { 1 } end
if store[2] == '1' then
  redis.call('HSET', KEYS[1], 'recovering', '0')
  appendAudit(KEYS[2], { at = nowMs(), kind = 'store.recovered', ref = 'store', actor = 'gatekeeper', cid = ARGV[2] })
end
return { 0 }
