--[[
  import-list: stores the difference between a list and a file exactly as it was shown, or nothing of it.
  KEYS
    1 the list (hash: exclusions by key, suppressions by pseudonym)
    2 audit stream
  ARGV
    1 JSON object: field -> JSON text of the entry, to add; none may be there
    2 JSON object: field -> JSON text of the entry, to remove; each must be there as it is here
    3 how many entries the list had when it was compared, or empty where more may have come
    4 JSON object: field -> pseudonym shown in the audit
    5 kind of audit row for an entry added
    6 kind of audit row for an entry removed
    7 kind of audit row for the whole
    8 digest of the difference
    9 actor
    10 correlation id
  Output
    { 0, added, removed } stored | { 1, 0, 0 } the list changed meanwhile
]]
local add, remove = cjson.decode(ARGV[1]), cjson.decode(ARGV[2])
if ARGV[3] ~= '' and redis.call('HLEN', KEYS[1]) ~= tonumber(ARGV[3]) then return { 1, 0, 0 } end
for field in pairs(add) do
  if redis.call('HEXISTS', KEYS[1], field) == 1 then return { 1, 0, 0 } end
end
for field, entry in pairs(remove) do
  if redis.call('HGET', KEYS[1], field) ~= entry then return { 1, 0, 0 } end
end
local now = nowMs()
local pseudonyms = cjson.decode(ARGV[4])
local added, removed = 0, 0
for field, entry in pairs(add) do
  redis.call('HSET', KEYS[1], field, entry)
  added = added + 1
  appendAudit(KEYS[2], { at = now, kind = ARGV[5], ref = ARGV[8], code = string.match(entry, '"reason":"(%a+)"') or '', actor = ARGV[9],
    who = pseudonyms[field], cid = ARGV[10] })
end
for field in pairs(remove) do
  redis.call('HDEL', KEYS[1], field)
  removed = removed + 1
  appendAudit(KEYS[2], { at = now, kind = ARGV[6], ref = ARGV[8], actor = ARGV[9], who = pseudonyms[field], cid = ARGV[10] })
end
appendAudit(KEYS[2], { at = now, kind = ARGV[7], ref = ARGV[8], code = added .. ' added, ' .. removed .. ' removed',
  actor = ARGV[9], cid = ARGV[10] })
return { 0, added, removed }
