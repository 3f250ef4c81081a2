--[[
  admit-action: the last check before a provider call, and the reservation, as one step. Asking again with the same attempt
  id gives the same answer. Order and kinds: libs/contracts/src/admission.ts; the number answered is its 1-based position.
  KEYS
    1 action hash
    2 batch hash
    3 store hash (run id, recovery, until when the customers' list may be relied on)
    4 halt hash
    5 suppressions (hash by pseudonym)
    6 exclusions (hash by exclusion key)
    7 allow-list (set of person keys)
    8 persons in flight in this ledger (hash: person key -> action id)
    9 last contact of each person in this ledger (hash: person key -> ms)
    10 last send of this mailbox (ms)
    11 sends this hour
    12 sends this day
    13 sends this month
    14 sends this day to the recipient's domain
    15 sends this day from the mailbox
    16 queued actions (sorted set by due time)
    17 sending actions (sorted set by lease end)
    18 audit stream
    19 opt-outs received and not worked on yet (hash: person key -> delivery id)
    20 how the provider is (hash: faults, rest, probe, wait, budgets)
  ARGV
    1 action id
    2 attempt id
    3 execution id
    4 fence
    5 digest of the exact bytes the worker holds
    6 run id of the store as the caller knows it
    7 caller's clock (ms)
    8 calendar facts valid from (ms)
    9 calendar facts valid until (ms)
    10 '1' when the sending window is open
    11 JSON object of due times for deferrals: window, hour, day, month
    12 JSON object of caps: hour, day, month, domain, mailbox, gapMs, recontactMs, latenessMaxMs; where the policy has them
       ramp (policy, perDay, tiers) and growth (policy, perDayMax)
    13 JSON list of allowed tiers, unless the ramp names its own
    14 '1' when route and sender fit the policy
    15 delivery mode now
    16 policy version now
    17 '1' when the caller's environment says stop
    18 lease in milliseconds
    19 JSON list of person keys
    20 JSON list of suppression pseudonyms
    21 JSON list of exclusion keys
    22 process id of the worker
    23 correlation id
    24 JSON list of person keys an opt-out may name, plus-tag folded included
    25 '1' when the list of customers must be fresh
    26 JSON object about the provider: faultsMax, requestsPerSend, windows (windowMs, requestsMax)
  Output
    { 0, lease end } admitted | { position, due time } deferred | { position, status } refused
]]
local STORE_RECOVERING, ACTION_NOT_QUEUED, FENCE_LOST, HALTED = 1, 2, 3, 4
local BATCH_NOT_EXECUTING, BATCH_EXPIRED, CONTENT_MISMATCH, SUPPRESSED, EXCLUDED = 5, 6, 7, 8, 9
local CONTACT_TOO_RECENT, PERSON_IN_FLIGHT, ROUTE_FORBIDDEN, MODE_CHANGED, POLICY_CHANGED = 10, 11, 13, 14, 15
local TIER_NOT_ALLOWED, NOT_ALLOW_LISTED, TOO_LATE, OUTSIDE_WINDOW, GAP = 16, 17, 18, 19, 20
local CAP_HOUR, CAP_DAY, CAP_MONTH, CAP_DOMAIN, CAP_MAILBOX, CLOCK_SKEW = 21, 22, 23, 24, 25, 26
local CUSTOMERS_STALE, PROVIDER_RESTING, RATE_BUDGET = 27, 28, 29

local action = redis.call('HMGET', KEYS[1], 'status', 'attemptId', 'leaseUntil', 'fence', 'executionId', 'digest', 'mode',
  'tier', 'batchId', 'who', 'exclusionKeys', 'places')
local batch = redis.call('HMGET', KEYS[2], 'status', 'expiresAtMs', 'fence', 'executionId', 'policyVersion', 'claimedAtMs',
  'rampStage', 'recallReason')
local store = redis.call('HMGET', KEYS[3], 'runId', 'recovering', 'customersGoodUntil', 'rampEnded', 'grown', 'grownFor')
local now = nowMs()
local caps = cjson.decode(ARGV[12])
local due = cjson.decode(ARGV[11])

-- Facts of another time than the store's: a caller whose clock is wrong, or one that was slow.
local skewed = math.abs(now - tonumber(ARGV[7])) > 2000 or now < tonumber(ARGV[8]) or now >= tonumber(ARGV[9])

local function defer(code, name, untilMs)
  redis.call('HSET', KEYS[1], 'reason', name, 'deferredUntil', untilMs)
  redis.call('ZADD', KEYS[16], untilMs, ARGV[1])
  return { code, tostring(untilMs) }
end
-- By the calendar. A wrong clock names wrong times: one that is a year ahead would put the message off for a year.
-- Never due after the batch's expiry, so that the batch can end.
local function putOff(code, name, untilMs)
  return defer(code, name, skewed and now + 1000 or math.min(untilMs, tonumber(batch[2])))
end
-- Places under caps that were left to this message and that it cannot use go to the next one that waits for them.
local function passOn(kept)
  if not action[12] or action[12] == '[]' then return end
  redis.call('HSET', KEYS[1], 'places', '[]')
  local prefix = string.sub(KEYS[1], 1, #KEYS[1] - #ARGV[1])
  for _, counter in ipairs(cjson.decode(action[12])) do
    if counter ~= kept then wakeWaiting(counter, KEYS[16], prefix, now) end
  end
end
-- Put off by a cap, and woken before its time when a place becomes free.
local function queueUp(code, name, counter, untilMs)
  passOn(counter)
  redis.call('ZADD', counter .. ':waiting', 'NX', now, ARGV[1])
  redis.call('EXPIRE', counter .. ':waiting', 3456000)
  return putOff(code, name, untilMs)
end
local function audit(kind, code, to)
  appendAudit(KEYS[18], { at = now, kind = kind, ref = ARGV[1], batch = action[9], from = 'queued', to = to, code = code,
    actor = 'gatekeeper', who = action[10], cid = ARGV[23] })
end
local function deny(code, name)
  redis.call('HSET', KEYS[1], 'status', 'blocked', 'reason', name, 'settledAt', now)
  redis.call('ZREM', KEYS[16], ARGV[1])
  audit(name == 'content_mismatch' and 'alarm' or 'action.blocked', name, 'blocked')
  closeBatch(KEYS[2], KEYS[18], 'queued', 'blocked', { at = now, batch = action[9], actor = 'gatekeeper', cid = ARGV[23] })
  passOn('')
  return { code, 'blocked' }
end
local function listed(key, fields)
  for _, field in ipairs(fields) do
    if redis.call('HEXISTS', key, field) == 1 then return true end
  end
  return false
end

if store[1] ~= ARGV[6] or store[2] == '1' then
  if action[1] ~= 'queued' then return { STORE_RECOVERING, '0' } end
  return defer(STORE_RECOVERING, 'store_recovering', now + 500)
end
if action[1] == 'sending' and action[2] == ARGV[2] then return { 0, action[3] } end
if action[1] ~= 'queued' then return { ACTION_NOT_QUEUED, action[1] or 'missing' } end
if action[4] ~= ARGV[4] or action[5] ~= ARGV[3] or batch[3] ~= ARGV[4] or batch[4] ~= ARGV[3] then return { FENCE_LOST, action[1] } end
if ARGV[17] == '1' or redis.call('HGET', KEYS[4], 'active') == '1' then return defer(HALTED, 'halted', now + 1000) end
if batch[1] ~= 'executing' or (batch[8] or '') ~= '' then return deny(BATCH_NOT_EXECUTING, 'batch_not_executing') end
if now >= tonumber(batch[2]) then return deny(BATCH_EXPIRED, 'batch_expired') end
if action[6] ~= ARGV[5] then return deny(CONTENT_MISMATCH, 'content_mismatch') end
if listed(KEYS[5], cjson.decode(ARGV[20])) or listed(KEYS[19], cjson.decode(ARGV[24])) then return deny(SUPPRESSED, 'suppressed') end
if listed(KEYS[6], cjson.decode(ARGV[21])) or listed(KEYS[6], cjson.decode(action[11] or '[]')) then return deny(EXCLUDED, 'excluded') end

local persons = cjson.decode(ARGV[19])
for _, person in ipairs(persons) do
  local contact = redis.call('HGET', KEYS[9], person)
  if contact and now - tonumber(contact) < caps.recontactMs then return deny(CONTACT_TOO_RECENT, 'contact_too_recent') end
end
for _, person in ipairs(persons) do
  local other = redis.call('HGET', KEYS[8], person)
  if other and other ~= ARGV[1] then return deny(PERSON_IN_FLIGHT, 'person_in_flight') end
end
if ARGV[14] ~= '1' then return deny(ROUTE_FORBIDDEN, 'route_forbidden') end
if action[7] ~= ARGV[15] then return deny(MODE_CHANGED, 'mode_changed') end
if batch[5] ~= ARGV[16] then return deny(POLICY_CHANGED, 'policy_changed') end
-- The stricter of two: what was approved and what holds now. A ramp that ended stays in force for what was approved before.
local ramp = caps.ramp
if ramp and batch[7] == 'graduated' and store[4] == ramp.policy then ramp = nil end
local dayCap = caps.day
if caps.growth and store[6] == caps.growth.policy then
  dayCap = math.max(dayCap, math.min(tonumber(store[5]), caps.growth.perDayMax))
end
if ramp then dayCap = math.min(dayCap, ramp.perDay) end
local tierAllowed = false
for _, tier in ipairs(ramp and ramp.tiers or cjson.decode(ARGV[13])) do
  if tier == action[8] then tierAllowed = true end
end
if not tierAllowed then return deny(TIER_NOT_ALLOWED, 'tier_not_allowed') end
if action[7] == 'allow-list' then
  local allowed = false
  for _, person in ipairs(persons) do
    if redis.call('SISMEMBER', KEYS[7], person) == 1 then allowed = true end
  end
  if not allowed then return deny(NOT_ALLOW_LISTED, 'not_allow_listed') end
end
if now - tonumber(batch[6]) > caps.latenessMaxMs then return deny(TOO_LATE, 'too_late') end

if ARGV[10] ~= '1' then return putOff(OUTSIDE_WINDOW, 'outside_window', due.window) end
local lastSend = redis.call('GET', KEYS[10])
if lastSend and now - tonumber(lastSend) < caps.gapMs then return putOff(GAP, 'gap', tonumber(lastSend) + caps.gapMs) end
local function full(key, limit) return tonumber(redis.call('GET', key) or '0') >= limit end
if full(KEYS[11], caps.hour) then return queueUp(CAP_HOUR, 'cap_hour', KEYS[11], due.hour) end
if full(KEYS[12], dayCap) then return queueUp(CAP_DAY, 'cap_day', KEYS[12], due.day) end
if full(KEYS[13], caps.month) then return queueUp(CAP_MONTH, 'cap_month', KEYS[13], due.month) end
if full(KEYS[14], caps.domain) then return queueUp(CAP_DOMAIN, 'cap_domain', KEYS[14], due.day) end
if full(KEYS[15], caps.mailbox) then return queueUp(CAP_MAILBOX, 'cap_mailbox', KEYS[15], due.day) end
if skewed then
  -- Once, and not a row a second for as long as the clock is wrong.
  if redis.call('HGET', KEYS[1], 'reason') ~= 'clock_skew' then audit('alarm', 'clock_skew', 'queued') end
  return defer(CLOCK_SKEW, 'clock_skew', now + 1000)
end
if ARGV[25] == '1' and now >= tonumber(store[3] or '0') then return putOff(CUSTOMERS_STALE, 'customers_stale', now + 15000) end
local leaseUntil = now + tonumber(ARGV[18])
-- Last, because who is let through here has used its share of the provider's patience.
local patience, untilMs = askProvider(KEYS[20], cjson.decode(ARGV[26]), ARGV[2], now, leaseUntil)
if patience then return putOff(patience == 'rate_budget' and RATE_BUDGET or PROVIDER_RESTING, patience, untilMs) end

for position = 11, 15 do
  redis.call('INCR', KEYS[position])
  redis.call('EXPIRE', KEYS[position], position == 13 and 3456000 or 259200)
end
redis.call('SET', KEYS[10], now, 'PX', math.max(caps.gapMs, 1000))
for _, person in ipairs(persons) do redis.call('HSET', KEYS[8], person, ARGV[1]) end
redis.call('HSET', KEYS[1], 'status', 'sending', 'attemptId', ARGV[2], 'leaseUntil', leaseUntil, 'admittedAt', now,
  'owner', ARGV[22], 'reason', '', 'deferredUntil', '', 'places', '[]',
  'reserved', cjson.encode({ KEYS[11], KEYS[12], KEYS[13], KEYS[14], KEYS[15] }), 'persons', ARGV[19])
redis.call('HINCRBY', KEYS[1], 'attempts', 1)
redis.call('HINCRBY', KEYS[2], 'n:queued', -1)
redis.call('HINCRBY', KEYS[2], 'n:sending', 1)
countChange(KEYS[2], now)
redis.call('ZREM', KEYS[16], ARGV[1])
redis.call('ZADD', KEYS[17], leaseUntil, ARGV[1])
audit('action.admitted', '', 'sending')
return { 0, tostring(leaseUntil) }
