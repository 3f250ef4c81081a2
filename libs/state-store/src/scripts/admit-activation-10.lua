--[[
  admit-activation: the last check before a provider is told to mail what it holds of a batch, and the note that it may be
  told so from now on. Refuses on anything that changed since the approval, naming each message.
  KEYS
    1 batch hash
    2 store hash (run id, recovery)
    3 halt hash
    4 suppressions (hash by pseudonym)
    5 exclusions (hash by exclusion key)
    6 opt-outs received and not worked on yet (hash: person key -> delivery id)
    7 action: key prefix, the id follows
    8 messages being taken back (sorted set by the time of the next try)
    9 batches whose messages a provider mails by itself (sorted set by the time of the last step)
    10 audit stream
  ARGV
    1 batch id
    2 JSON list of messages: id, digest, suppressions, exclusions, optOuts
    3 policy version now
    4 delivery modes now (canonical JSON)
    5 allow-list digest now
    6 run id of the store as the caller knows it
    7 '1' when the caller's environment says stop
    8 actor
    9 correlation id
    10 JSON object of the policy's ramp for e-mail (policy, tiers), or empty
  Output
    { 0, '' } may be started | { 1, '' } no such batch | { 2, status } not executed | { 3, '' } batch_expired | { 4, '' } policy_changed
    | { 5, '' } mode_changed | { 6, '' } halted | { 7, '' } store_recovering | { 8, JSON list of id and code } messages that may not be mailed
]]
local store = redis.call('HMGET', KEYS[2], 'runId', 'recovering', 'rampEnded')
if store[1] ~= ARGV[6] or store[2] == '1' then return { 7, '' } end
local batch = redis.call('HMGET', KEYS[1], 'status', 'expiresAtMs', 'policyVersion', 'deliveryModes', 'allowListDigest',
  'n:handed_over', 'recallReason', 'rampStage')
if not batch[1] then return { 1, '' } end
if batch[1] ~= 'executed' and batch[1] ~= 'partially_executed' then return { 2, batch[1] } end
if batch[7] and batch[7] ~= '' then return { 2, 'recalled' } end
if ARGV[7] == '1' or redis.call('HGET', KEYS[3], 'active') == '1' then return { 6, '' } end
local now = nowMs()
if now >= tonumber(batch[2]) then return { 3, '' } end
if batch[3] ~= ARGV[3] then return { 4, '' } end
if batch[4] ~= ARGV[4] or batch[5] ~= ARGV[5] then return { 5, '' } end
local function listed(key, fields)
  for _, field in ipairs(fields) do
    if redis.call('HEXISTS', key, field) == 1 then return true end
  end
  return false
end
-- The stricter of the ramp that was approved and the one that holds now, as in the last check before the hand-over.
local ramp = ARGV[10] ~= '' and cjson.decode(ARGV[10]) or nil
if ramp and batch[8] == 'graduated' and store[3] == ramp.policy then ramp = nil end
local function outsideRamp(channel, tier)
  if not ramp or channel ~= 'email' then return false end
  for _, allowed in ipairs(ramp.tiers) do
    if allowed == tier then return false end
  end
  return true
end
local refused = {}
local messages = cjson.decode(ARGV[2])
for _, message in ipairs(messages) do
  local action = redis.call('HMGET', KEYS[7] .. message.id, 'status', 'digest', 'batchId', 'channel', 'tier')
  local code = nil
  if action[3] ~= ARGV[1] or action[1] ~= 'handed_over' then code = 'not_handed_over'
  elseif action[2] ~= message.digest then code = 'content_mismatch'
  elseif redis.call('ZSCORE', KEYS[8], message.id) then code = 'taking_back'
  elseif listed(KEYS[4], message.suppressions) or listed(KEYS[6], message.optOuts) then code = 'suppressed'
  elseif listed(KEYS[5], message.exclusions) then code = 'excluded'
  elseif outsideRamp(action[4], action[5]) then code = 'tier_not_allowed' end
  if code then table.insert(refused, { message.id, code }) end
end
if #refused > 0 then return { 8, cjson.encode(refused) } end
if #messages ~= tonumber(batch[6] or '0') then return { 2, 'changed' } end
redis.call('HSET', KEYS[1], 'activation', 'activating', 'activationBy', ARGV[8], 'activationAt', now)
countChange(KEYS[1], now)
redis.call('ZADD', KEYS[9], now, ARGV[1])
appendAudit(KEYS[10], { at = now, kind = 'batch.activating', ref = ARGV[1], batch = ARGV[1], from = batch[1], to = batch[1],
  code = '', actor = ARGV[8], cid = ARGV[9] })
return { 0, '' }
