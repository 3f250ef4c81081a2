--[[
  register-store: remembers which run of the store this is, and names a store that has no name yet, with the first
  row of its audit. Another run than the remembered one may be an older copy: sending waits until every open action
  was compared with the providers. Another store than the caller knew has forgotten who must not be written to:
  everything stops until a person lifts it.
  KEYS
    1 store hash (run id, recovery, name, first row)
    2 audit stream
    3 halt hash
  ARGV
    1 run id the caller's connection reports
    2 correlation id
    3 name of the store the caller knew, or empty
  Output
    { code, name, replaced }
    code 0 known and sound | 1 recovering; replaced 1 when this is not the store the caller knew
]]
local store = redis.call('HMGET', KEYS[1], 'runId', 'recovering', 'storeId')
local now = nowMs()
local storeId = store[3]
if not storeId then
  local time = redis.call('TIME')
  storeId = string.sub(redis.sha1hex(ARGV[1] .. ':' .. time[1] .. ':' .. time[2]), 1, 24)
  -- A store that an earlier version filled has rows already and is named where it stands.
  local kind = store[1] and 'store.identified' or 'store.born'
  local genesisId = appendAudit(KEYS[2], { at = now, kind = kind, ref = storeId, actor = 'gatekeeper', cid = ARGV[2] })
  redis.call('HSET', KEYS[1], 'storeId', storeId, 'genesisId', genesisId)
end
local replaced = 0
if ARGV[3] ~= '' and ARGV[3] ~= storeId then
  replaced = 1
  appendAudit(KEYS[2], { at = now, kind = 'store.replaced', ref = storeId, from = ARGV[3], to = storeId,
    actor = 'gatekeeper', cid = ARGV[2] })
  if redis.call('HGET', KEYS[3], 'active') ~= '1' then
    redis.call('HDEL', KEYS[3], 'also')
    redis.call('HSET', KEYS[3], 'active', '1', 'by', 'gatekeeper', 'at', now, 'reason',
      'This is not the store that was here before (store_replaced): suppressions, exclusions and stops may be lost.')
    appendAudit(KEYS[2], { at = now, kind = 'halt.set', ref = 'halt', actor = 'gatekeeper', code = 'store_replaced',
      cid = ARGV[2] })
  end
end
if store[1] == ARGV[1] then return { store[2] == '1' and 1 or 0, storeId, replaced } end
if not store[1] then
  redis.call('HSET', KEYS[1], 'runId', ARGV[1], 'recovering', '0', 'since', now)
  return { 0, storeId, replaced }
end
redis.call('HSET', KEYS[1], 'runId', ARGV[1], 'recovering', '1', 'since', now)
appendAudit(KEYS[2], { at = now, kind = 'store.recovering', ref = 'store', actor = 'gatekeeper', cid = ARGV[2] })
return { 1, storeId, replaced }
