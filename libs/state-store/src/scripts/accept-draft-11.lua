--[[
  accept-draft: stores a submitted draft once, or records why it was not taken. Asking again gives the first answer.
  KEYS
    1 draft hash
    2 answer kept for the author's source key (hash)
    3 live draft of each person in this motion (hash: person key -> draft id)
    4 suppressions (hash by pseudonym)
    5 exclusions (hash by exclusion key)
    6 drafts by status: key prefix, the status follows
    7 answers of the run this came from (hash by field)
    8 audit stream
    9 draft: key prefix, the id follows
    10 action: key prefix, the id follows
    11 every draft of a person: key prefix, the person key follows, or `under:` and an exclusion key
  ARGV
    1 draft id
    2 wanted outcome: accepted | parked | disqualified
    3 record: JSON of what never changes
    4 message bytes
    5 content digest
    6 JSON list of person keys
    7 JSON list of suppression pseudonyms
    8 JSON list of exclusion keys
    9 JSON list of reasons, as text
    10 tier or empty
    11 score or empty
    12 field in KEYS[7], empty for none
    13 seconds the answer is kept
    14 actor
    15 correlation id
    16 pseudonym of the person
    17 digest of the submission
  Output
    { outcome, draft id or '', reasons JSON, 1 if the answer is a repeat else 0, tier or '', score or '' }
]]
local function remember(outcome, draftId, reasons)
  redis.call('HSET', KEYS[2], 'outcome', outcome, 'draftId', draftId, 'reasons', reasons, 'submission', ARGV[17],
    'tier', ARGV[10], 'score', ARGV[11])
  redis.call('EXPIRE', KEYS[2], ARGV[13])
  if ARGV[12] ~= '' then
    redis.call('HSET', KEYS[7], ARGV[12],
      cjson.encode({ outcome = outcome, draftId = draftId, reasons = reasons, tier = ARGV[10], score = ARGV[11] }))
    redis.call('EXPIRE', KEYS[7], ARGV[13])
  end
  appendAudit(KEYS[8], { at = nowMs(), kind = 'draft.' .. outcome, ref = draftId, to = outcome, code = reasons,
    actor = ARGV[14], who = ARGV[16], cid = ARGV[15] })
  return { outcome, draftId, reasons, 0, ARGV[10], ARGV[11] }
end

-- A draft whose message was provably not sent has had its turn and does not keep the person from another one.
local notSent = { blocked = true, refused = true, taken_back = true }
local function holdsPerson(draftId)
  local draft = redis.call('HMGET', KEYS[9] .. draftId, 'status', 'actionId')
  if draft[1] ~= 'batched' or not draft[2] then return true end
  return not notSent[redis.call('HGET', KEYS[10] .. draft[2], 'status') or '']
end

local known = redis.call('HMGET', KEYS[2], 'outcome', 'draftId', 'reasons', 'submission', 'tier', 'score')
if known[1] then
  if known[4] ~= ARGV[17] then return { 'duplicate', known[2], '["source_key_used"]', 1, ARGV[10], ARGV[11] } end
  return { known[1], known[2], known[3], 1, known[5] or '', known[6] or '' }
end
for _, pseudonym in ipairs(cjson.decode(ARGV[7])) do
  if redis.call('HEXISTS', KEYS[4], pseudonym) == 1 then return remember('excluded', '', '["suppressed"]') end
end
for _, key in ipairs(cjson.decode(ARGV[8])) do
  if redis.call('HEXISTS', KEYS[5], key) == 1 then return remember('excluded', '', '["excluded"]') end
end
if ARGV[2] == 'disqualified' then return remember('disqualified', '', ARGV[9]) end
local persons = cjson.decode(ARGV[6])
for _, person in ipairs(persons) do
  local other = redis.call('HGET', KEYS[3], person)
  if other and holdsPerson(other) then return remember('duplicate', other, '["person_has_draft"]') end
end
local status = ARGV[2] == 'accepted' and 'pending' or 'parked'
local now = nowMs()
redis.call('HSET', KEYS[1], 'status', status, 'record', ARGV[3], 'bytes', ARGV[4], 'digest', ARGV[5], 'revision', 1,
  'persons', ARGV[6], 'createdAt', now, 'batchId', '')
redis.call('ZADD', KEYS[6] .. status, now, ARGV[1])
for _, person in ipairs(persons) do
  redis.call('HSET', KEYS[3], person, ARGV[1])
  redis.call('SADD', KEYS[11] .. person, ARGV[1])
end
for _, key in ipairs(cjson.decode(ARGV[8])) do redis.call('SADD', KEYS[11] .. 'under:' .. key, ARGV[1]) end
return remember(ARGV[2], ARGV[1], ARGV[9])
