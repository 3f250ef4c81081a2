--[[
  claim-batch: starts the one execution of an approved batch, or says why not. Exactly one caller ever gets code 0.
  KEYS
    1 batch hash
    2 actions of the batch (sorted set)
    3 action: key prefix, the id follows
    4 queued actions (sorted set by due time)
    5 fence counter
    6 halt hash
    7 store hash (run id, recovery)
    8 draft: key prefix, the id follows
    9 drafts by status: key prefix, the status follows
    10 audit stream
    11 batches that may still be claimed (sorted set by expiry)
  ARGV
    1 batch id
    2 execution id
    3 preview hash recomputed from the stored actions
    4 policy version now
    5 delivery modes now (canonical JSON)
    6 copy pack version now
    7 allow-list digest now
    8 run id of the store as the caller knows it
    9 '1' when the caller's environment says stop
    10 actor
    11 correlation id
    12 seal of the execution, made with a key outside the store
  Output
    { 0, fence } claimed | { 1, '' } no such batch | { 2, status } not approved | { 3, 'expired' } now expired | { 4, stored hash } hash_mismatch
    | { 5, '' } policy_changed | { 6, '' } mode_changed | { 7, '' } halted | { 8, '' } store_recovering
]]
local store = redis.call('HMGET', KEYS[7], 'runId', 'recovering')
if store[1] ~= ARGV[8] or store[2] == '1' then return { 8, '' } end
local batch = redis.call('HMGET', KEYS[1], 'status', 'previewHash', 'expiresAtMs', 'policyVersion', 'deliveryModes',
  'copyPackVersion', 'allowListDigest')
if not batch[1] then return { 1, '' } end
if batch[1] ~= 'approved' then return { 2, batch[1] } end
if ARGV[9] == '1' or redis.call('HGET', KEYS[6], 'active') == '1' then return { 7, '' } end
local now = nowMs()
if now >= tonumber(batch[3]) then
  redis.call('HSET', KEYS[1], 'status', 'expired', 'closedBy', ARGV[10], 'closedReason', 'batch_expired')
  countChange(KEYS[1], now)
  redis.call('ZREM', KEYS[11], ARGV[1])
  releaseDrafts(KEYS[2], KEYS[3], KEYS[8], KEYS[9])
  appendAudit(KEYS[10], { at = now, kind = 'batch.expired', ref = ARGV[1], batch = ARGV[1], from = 'approved', to = 'expired',
    code = 'batch_expired', actor = ARGV[10], cid = ARGV[11] })
  return { 3, 'expired' }
end
if batch[2] ~= ARGV[3] then
  appendAudit(KEYS[10], { at = now, kind = 'alarm', ref = ARGV[1], batch = ARGV[1], code = 'hash_mismatch', actor = ARGV[10], cid = ARGV[11] })
  return { 4, batch[2] }
end
if batch[4] ~= ARGV[4] or batch[6] ~= ARGV[6] then return { 5, '' } end
if batch[5] ~= ARGV[5] or batch[7] ~= ARGV[7] then return { 6, '' } end
redis.call('ZREM', KEYS[11], ARGV[1])
local fence = redis.call('INCR', KEYS[5])
local queued = 0
for _, actionId in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  -- A frozen action that a recovery found at its provider is settled already and stays so.
  if redis.call('HGET', KEYS[3] .. actionId, 'status') == 'frozen' then
    redis.call('HSET', KEYS[3] .. actionId, 'status', 'queued', 'executionId', ARGV[2], 'fence', fence)
    redis.call('ZADD', KEYS[4], now, actionId)
    queued = queued + 1
  end
end
redis.call('HSET', KEYS[1], 'status', 'executing', 'executionId', ARGV[2], 'fence', fence, 'claimedAtMs', now,
  'claimedBy', ARGV[10], 'executionSeal', ARGV[12], 'n:frozen', 0, 'n:queued', queued)
appendAudit(KEYS[10], { at = now, kind = 'batch.claimed', ref = ARGV[2], batch = ARGV[1], from = 'approved', to = 'executing',
  actor = ARGV[10], cid = ARGV[11] })
-- Nothing left to send after a recovery: the batch ends here instead of executing for ever.
closeBatch(KEYS[1], KEYS[10], 'frozen', 'frozen', { at = now, batch = ARGV[1], actor = ARGV[10], cid = ARGV[11] })
return { 0, tostring(fence) }
