--[[
  change-draft: one arrow of a draft's life, compare-and-set on its status and on the digest the reviewer saw.
  KEYS
    1 draft hash
    2 drafts by status: key prefix, the status follows
    3 live draft of each person in this motion (hash)
    4 fingerprints rejected for this person (sorted set by time)
    5 audit stream
    6 drafts by their latest decision (sorted set by time)
  ARGV
    1 draft id
    2 JSON list of statuses it may leave
    3 new status
    4 digest the caller saw, empty for any
    5 JSON object of fields to set (strings)
    6 fingerprint to remember as rejected, empty for none
    7 seconds rejections are remembered
    8 audit kind
    9 actor
    10 reason code
    11 correlation id
    12 pseudonym of the person
    13 reason in the words of the person who decided, kept with the draft and not in the audit
    14 milliseconds after its creation from which a draft may not take this arrow any more, empty for never
  Output
    { 0, status } done | { 1, '' } no such draft | { 2, status } not in a state that allows it | { 3, digest } seen digest is stale | { 4, 'expired' } past its days
]]
local status = redis.call('HGET', KEYS[1], 'status')
if not status then return { 1, '' } end
local allowed = false
for _, from in ipairs(cjson.decode(ARGV[2])) do
  if from == status then allowed = true end
end
if not allowed then return { 2, status } end
local now = nowMs()
local createdAt = redis.call('ZSCORE', KEYS[2] .. status, ARGV[1]) or now
if ARGV[14] ~= '' and now - tonumber(createdAt) > tonumber(ARGV[14]) then return { 4, 'expired' } end
local digest = redis.call('HGET', KEYS[1], 'digest')
if ARGV[4] ~= '' and ARGV[4] ~= digest then return { 3, digest } end
redis.call('ZREM', KEYS[2] .. status, ARGV[1])
redis.call('ZADD', KEYS[2] .. ARGV[3], createdAt, ARGV[1])
redis.call('HSET', KEYS[1], 'status', ARGV[3], 'reviewedAt', now, 'reviewedBy', ARGV[9])
local decisions = cjson.decode(redis.call('HGET', KEYS[1], 'decisions') or '[]')
table.insert(decisions, { command = string.gsub(ARGV[8], '^draft%.', ''), at = now, by = ARGV[9], reason = ARGV[13],
  contentDigest = digest })
if #decisions > 50 then table.remove(decisions, 1) end
redis.call('HSET', KEYS[1], 'decisions', cjson.encode(decisions))
redis.call('ZADD', KEYS[6], now, ARGV[1])
redis.call('ZREMRANGEBYRANK', KEYS[6], 0, -20001)
for field, value in pairs(cjson.decode(ARGV[5])) do redis.call('HSET', KEYS[1], field, value) end
if ARGV[3] == 'rejected' or ARGV[3] == 'expired' or ARGV[3] == 'withdrawn' then
  for _, person in ipairs(cjson.decode(redis.call('HGET', KEYS[1], 'persons') or '[]')) do
    if redis.call('HGET', KEYS[3], person) == ARGV[1] then redis.call('HDEL', KEYS[3], person) end
  end
end
if ARGV[6] ~= '' then
  redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', now - tonumber(ARGV[7]) * 1000)
  redis.call('ZADD', KEYS[4], now, ARGV[6])
  redis.call('EXPIRE', KEYS[4], ARGV[7])
end
appendAudit(KEYS[5], { at = now, kind = ARGV[8], ref = ARGV[1], from = status, to = ARGV[3], code = ARGV[10],
  actor = ARGV[9], who = ARGV[12], cid = ARGV[11] })
return { 0, ARGV[3] }
