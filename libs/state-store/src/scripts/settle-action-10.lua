--[[
  settle-action: records what a provider call came to, with its audit row, once per attempt. A release gives every
  reservation back exactly once, to the periods they were taken from.
  KEYS
    1 action hash
    2 batch hash
    3 sending actions (sorted set by lease end)
    4 unknown actions (sorted set by time)
    5 queued actions (sorted set by due time)
    6 persons in flight in this ledger (hash: person key -> action id)
    7 last contact of each person in this ledger (hash: person key -> ms)
    8 audit stream
    9 messages that a provider holds (sorted set by the time of the next look)
    10 how the provider is (hash: faults, rest, probe, wait, budgets)
  ARGV
    1 action id
    2 attempt id
    3 new status: handed_over | left | refused | released | unknown
    4 provider's id of the message, or empty
    5 proof, or empty
    6 code, or empty
    7 milliseconds the provider asked to wait after a release, or 0
    8 milliseconds to wait after the first release; each further one doubles them
    9 milliseconds they grow to
    10 '1' when the provider still holds the message and may mail it
    11 '1' when this ledger keeps contact records
    12 actor
    13 correlation id
    14 tries after which a release is a refusal
    15 JSON object of what the answer says about the provider (verdict, faultsMax, restFirstMs, restMaxMs), or empty
    16 JSON object of a person's decision about an unknown action (its field `digest` is audited), or empty
  Output
    { 0, status, `rests` | `works` | '' for what the answer changed about the provider } settled | { 1, status } not this attempt's to settle
]]
local action = redis.call('HMGET', KEYS[1], 'status', 'attemptId', 'batchId', 'reserved', 'persons', 'who')
if (action[1] ~= 'sending' and action[1] ~= 'unknown') or action[2] ~= ARGV[2] then
  return { 1, action[1] or 'missing' }
end
-- A person decides about what nobody knows; a settlement that came before theirs stands.
if ARGV[16] ~= '' and action[1] ~= 'unknown' then return { 1, action[1] } end
if action[1] == 'unknown' and ARGV[3] == 'unknown' then return { 0, 'unknown', '' } end
local now = nowMs()
local change = ''
if ARGV[15] ~= '' then
  change = reportProvider(KEYS[10], cjson.decode(ARGV[15]), ARGV[2], ARGV[6], tonumber(ARGV[7]), now)
end
local to, code, outcome, proof = ARGV[3], ARGV[6], ARGV[3], ARGV[5]
local persons = cjson.decode(action[5] or '[]')
local function freePersons()
  for _, person in ipairs(persons) do
    if redis.call('HGET', KEYS[6], person) == ARGV[1] then redis.call('HDEL', KEYS[6], person) end
  end
end

if to == 'released' then
  for _, key in ipairs(cjson.decode(action[4] or '[]')) do
    if tonumber(redis.call('GET', key) or '0') > 0 then
      redis.call('DECR', key)
      wakeWaiting(key, KEYS[5], string.sub(KEYS[1], 1, #KEYS[1] - #ARGV[1]), now)
    end
  end
  freePersons()
  redis.call('HSET', KEYS[1], 'reserved', '[]', 'persons', '[]')
  to = 'queued'
  if redis.call('HINCRBY', KEYS[1], 'releases', 1) >= tonumber(ARGV[14]) then
    to, code, outcome, proof = 'refused', 'retries_exhausted', 'refused', 'the last try: ' .. ARGV[6]
  end
end
redis.call('HSET', KEYS[1], 'status', to, 'reason', code, 'lastOutcome', ARGV[3])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('ZREM', KEYS[4], ARGV[1])
if to == 'queued' then
  -- An approved message is tried until its batch expires, or often enough; never due after that, so that the batch can end.
  local releases = tonumber(redis.call('HGET', KEYS[1], 'releases'))
  local backoff = math.min(tonumber(ARGV[9]), tonumber(ARGV[8]) * 2 ^ math.min(releases - 1, 30))
  local dueAt = math.floor(now + math.max(tonumber(ARGV[7]), backoff))
  local expiresAt = tonumber(redis.call('HGET', KEYS[2], 'expiresAtMs') or '') or dueAt
  dueAt = math.max(now, math.min(dueAt, expiresAt))
  redis.call('HSET', KEYS[1], 'attemptId', '', 'deferredUntil', dueAt)
  redis.call('ZADD', KEYS[5], dueAt, ARGV[1])
elseif to == 'unknown' then
  redis.call('HSET', KEYS[1], 'unknownSince', now)
  redis.call('ZADD', KEYS[4], now, ARGV[1])
else
  redis.call('HSET', KEYS[1], 'providerMessageId', ARGV[4], 'proof', proof, 'settledAt', now)
  if to == 'refused' or ARGV[10] ~= '1' then freePersons() end
  if to == 'handed_over' and ARGV[10] == '1' then redis.call('ZADD', KEYS[9], now, ARGV[1]) end
  if to == 'left' and ARGV[11] == '1' then
    for _, person in ipairs(persons) do redis.call('HSET', KEYS[7], person, now) end
  end
end
if ARGV[16] ~= '' then
  redis.call('HSET', KEYS[1], 'decision', ARGV[16], 'decidedBy', ARGV[12], 'decidedAt', now)
  appendAudit(KEYS[8], { at = now, kind = 'action.decided', ref = ARGV[1], batch = action[3], from = action[1], to = to,
    code = cjson.decode(ARGV[16]).digest, actor = ARGV[12], who = action[6], cid = ARGV[13] })
end
appendAudit(KEYS[8], { at = now, kind = 'action.' .. outcome, ref = ARGV[1], batch = action[3], from = action[1], to = to,
  code = code, actor = ARGV[12], who = action[6], cid = ARGV[13] })
closeBatch(KEYS[2], KEYS[8], action[1], to, { at = now, batch = action[3], actor = ARGV[12], cid = ARGV[13] })
return { 0, to, change }
