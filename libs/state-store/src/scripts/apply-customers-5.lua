--[[
  apply-customers: takes a list of customers over into the exclusions, all of it or nothing, and says until when it may
  be relied on.
  KEYS
    1 exclusions (hash by exclusion key)
    2 exclusions of the customers as the last list gave them (hash: exclusion key -> JSON text of the entry)
    3 standing of the customers' list (hash)
    4 store hash (until when the customers' list may be relied on)
    5 audit stream
  ARGV
    1 JSON object: exclusion key -> JSON text of the entry, for customers that are new or missing
    2 JSON list of exclusion keys that no customer has any more
    3 revision of the standing that the difference was made with
    4 JSON object of fields of the standing
    5 until when the list may be relied on (ms)
    6 JSON object: exclusion key -> pseudonym shown in the audit
    7 digest of the list
    8 actor
    9 correlation id
    10 kind of audit row for the whole
  Output
    { 0, added, removed } taken over | { 1, 0, 0 } another one was taken over meanwhile
]]
if (redis.call('HGET', KEYS[3], 'revision') or '0') ~= ARGV[3] then return { 1, 0, 0 } end
local now = nowMs()
local pseudonyms = cjson.decode(ARGV[6])
local added, removed = 0, 0
for key, entry in pairs(cjson.decode(ARGV[1])) do
  redis.call('HSET', KEYS[2], key, entry)
  if redis.call('HSETNX', KEYS[1], key, entry) == 1 then
    added = added + 1
    appendAudit(KEYS[5], { at = now, kind = 'exclusion.added', ref = 'customers', actor = ARGV[8], who = pseudonyms[key], cid = ARGV[9] })
  end
end
for _, key in ipairs(cjson.decode(ARGV[2])) do
  -- What a person put on the list, before or after, is theirs to take off.
  local entry = redis.call('HGET', KEYS[2], key)
  if entry and redis.call('HGET', KEYS[1], key) == entry then
    redis.call('HDEL', KEYS[1], key)
    removed = removed + 1
    appendAudit(KEYS[5], { at = now, kind = 'exclusion.removed', ref = 'customers', actor = ARGV[8], who = pseudonyms[key], cid = ARGV[9] })
  end
  redis.call('HDEL', KEYS[2], key)
end
redis.call('HINCRBY', KEYS[3], 'revision', 1)
for field, value in pairs(cjson.decode(ARGV[4])) do redis.call('HSET', KEYS[3], field, value) end
redis.call('HDEL', KEYS[3], 'fallen', 'fallenOf', 'failure', 'failureOf')
redis.call('HSET', KEYS[3], 'syncedAt', now, 'goodUntil', ARGV[5])
redis.call('HSET', KEYS[4], 'customersGoodUntil', ARGV[5])
if added + removed > 0 or ARGV[10] ~= 'customers.synced' then
  appendAudit(KEYS[5], { at = now, kind = ARGV[10], ref = ARGV[7], code = added .. ' added, ' .. removed .. ' removed',
    actor = ARGV[8], cid = ARGV[9] })
end
return { 0, added, removed }
