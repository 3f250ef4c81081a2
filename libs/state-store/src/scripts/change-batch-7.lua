--[[
  change-batch: approve, reject, revoke or expire a batch. Approval needs the preview hash that was shown and an unexpired batch.
  KEYS
    1 batch hash
    2 actions of the batch (sorted set)
    3 action: key prefix, the id follows
    4 draft: key prefix, the id follows
    5 drafts by status: key prefix, the status follows
    6 audit stream
    7 batches that may still be claimed (sorted set by expiry)
  ARGV
    1 batch id
    2 JSON list of statuses it may leave
    3 new status
    4 preview hash the approver saw, empty when not approving
    5 actor
    6 reason
    7 correlation id
    8 seal of the approval, made with a key outside the store; empty when not approving
    9 JSON object of fields to keep with a batch that is rejected in part (strings)
    10 JSON list of the drafts that are dropped from it: they need a review again
  Output
    { 0, status } done | { 1, '' } no such batch | { 2, status } not in a state that allows it | { 3, hash } another hash | { 4, 'expired' } past its expiry, now expired
]]
local batch = redis.call('HMGET', KEYS[1], 'status', 'previewHash', 'expiresAtMs')
if not batch[1] then return { 1, '' } end
local allowed = false
for _, from in ipairs(cjson.decode(ARGV[2])) do
  if from == batch[1] then allowed = true end
end
if not allowed then return { 2, batch[1] } end
local now = nowMs()
local to, code, reply = ARGV[3], ARGV[6], { 0, ARGV[3] }
if to == 'expired' and now < tonumber(batch[3]) then return { 2, batch[1] } end
if to == 'approved' then
  if now >= tonumber(batch[3]) then
    to, code, reply = 'expired', 'batch_expired', { 4, 'expired' }
  elseif ARGV[4] ~= batch[2] then
    return { 3, batch[2] }
  end
end
if to == 'approved' then
  redis.call('HSET', KEYS[1], 'status', to, 'approvedBy', ARGV[5], 'approvedAt', now, 'approvalSeal', ARGV[8])
else
  redis.call('HSET', KEYS[1], 'status', to, 'closedBy', ARGV[5], 'closedReason', code)
  redis.call('ZREM', KEYS[7], ARGV[1])
  for field, value in pairs(cjson.decode(ARGV[9])) do redis.call('HSET', KEYS[1], field, value) end
  local dropped = {}
  for _, draftId in ipairs(cjson.decode(ARGV[10])) do dropped[draftId] = true end
  releaseDrafts(KEYS[2], KEYS[3], KEYS[4], KEYS[5], dropped, function(draftId, who)
    local draft = redis.call('HMGET', KEYS[4] .. draftId, 'decisions', 'digest')
    local decisions = cjson.decode(draft[1] or '[]')
    table.insert(decisions, { command = 'drop', at = now, by = ARGV[5], reason = ARGV[6], contentDigest = draft[2] })
    if #decisions > 50 then table.remove(decisions, 1) end
    redis.call('HSET', KEYS[4] .. draftId, 'decisions', cjson.encode(decisions), 'reviewedAt', now, 'reviewedBy', ARGV[5])
    appendAudit(KEYS[6], { at = now, kind = 'draft.drop', ref = draftId, batch = ARGV[1], from = 'batched', to = 'pending',
      code = 'dropped', actor = ARGV[5], who = who, cid = ARGV[7] })
  end)
end
countChange(KEYS[1], now)
appendAudit(KEYS[6], { at = now, kind = 'batch.' .. to, ref = ARGV[1], batch = ARGV[1], from = batch[1], to = to,
  code = to == 'approved' and batch[2] or code, actor = ARGV[5], cid = ARGV[7] })
return reply
