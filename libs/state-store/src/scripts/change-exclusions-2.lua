--[[
  change-exclusions: adds and removes configured reasons not to contact, all in one step.
  KEYS
    1 exclusions (hash by exclusion key)
    2 audit stream
  ARGV
    1 JSON object: exclusion key -> JSON text of the entry, to add
    2 JSON list of exclusion keys to remove
    3 JSON object: exclusion key -> pseudonym shown in the audit
    4 actor
    5 correlation id
  Output
    { added, already there, removed, not there }
]]
local now = nowMs()
local pseudonyms = cjson.decode(ARGV[3])
local added, known, removed, missing = 0, 0, 0, 0
for key, entry in pairs(cjson.decode(ARGV[1])) do
  if redis.call('HSETNX', KEYS[1], key, entry) == 1 then
    added = added + 1
    appendAudit(KEYS[2], { at = now, kind = 'exclusion.added', ref = 'exclusion', actor = ARGV[4], who = pseudonyms[key], cid = ARGV[5] })
  else
    known = known + 1
  end
end
for _, key in ipairs(cjson.decode(ARGV[2])) do
  if redis.call('HDEL', KEYS[1], key) == 1 then
    removed = removed + 1
    appendAudit(KEYS[2], { at = now, kind = 'exclusion.removed', ref = 'exclusion', actor = ARGV[4], who = pseudonyms[key], cid = ARGV[5] })
  else
    missing = missing + 1
  end
end
return { added, known, removed, missing }
