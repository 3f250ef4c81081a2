--[[
  register-store: remembers which run of the store this is. Another run than the remembered one may be an older copy:
  sending waits until every open action was compared with the providers.
  KEYS
    1 store hash (run id, recovery)
    2 audit stream
  ARGV
    1 run id the caller's connection reports
    2 correlation id
  Output
    { 0 } known and sound | { 1 } recovering
]]
local store = redis.call('HMGET', KEYS[1], 'runId', 'recovering')
if store[1] == ARGV[1] then return { store[2] == '1' and 1 or 0 } end
local now = nowMs()
if not store[1] then
  redis.call('HSET', KEYS[1], 'runId', ARGV[1], 'recovering', '0', 'since', now)
  return { 0 }
end
redis.call('HSET', KEYS[1], 'runId', ARGV[1], 'recovering', '1', 'since', now)
appendAudit(KEYS[2], { at = now, kind = 'store.recovering', ref = 'store', actor = 'gatekeeper', cid = ARGV[2] })
return { 1 }
