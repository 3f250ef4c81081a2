--[[
  suppress-person: adds a permanent reason not to contact. Append-only: the first entry for a key stays as it was.
  KEYS
    1 suppressions (hash by pseudonym)
    2 audit stream
  ARGV
    1 JSON object: pseudonym -> JSON text of the entry
    2 actor
    3 reason
    4 correlation id
  Output
    { added, already there }
]]
local now = nowMs()
local added, known = 0, 0
for pseudonym, entry in pairs(cjson.decode(ARGV[1])) do
  if redis.call('HSETNX', KEYS[1], pseudonym, entry) == 1 then
    added = added + 1
    appendAudit(KEYS[2], { at = now, kind = 'person.suppressed', ref = 'suppression', code = ARGV[3], actor = ARGV[2],
      who = pseudonym, cid = ARGV[4] })
  else
    known = known + 1
  end
end
return { added, known }
