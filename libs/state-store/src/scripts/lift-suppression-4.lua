--[[
  lift-suppression: ends the effect of suppressions by a fresh consent, and keeps each of them with the consent. Nothing
  else takes an entry off the list.
  KEYS
    1 suppressions (hash by pseudonym)
    2 lifted suppressions (hash: pseudonym -> JSON list, oldest first)
    3 opt-outs received and not worked on yet (hash: person key -> delivery id)
    4 audit stream
  ARGV
    1 JSON object: pseudonym -> JSON text of the entry as it was judged
    2 JSON object: pseudonym -> JSON text of what is kept of it, with the consent
    3 JSON list of person keys
    4 actor
    5 correlation id
  Output
    { 0, lifted } | { 1, 0 } an entry changed meanwhile | { 2, 0 } an opt-out of this person waits to be worked on
]]
local entries, kept = cjson.decode(ARGV[1]), cjson.decode(ARGV[2])
for _, person in ipairs(cjson.decode(ARGV[3])) do
  if redis.call('HEXISTS', KEYS[3], person) == 1 then return { 2, 0 } end
end
for pseudonym, entry in pairs(entries) do
  if redis.call('HGET', KEYS[1], pseudonym) ~= entry then return { 1, 0 } end
end
local now = nowMs()
local lifted = 0
for pseudonym, entry in pairs(entries) do
  -- Joined as text: a list decoded here and encoded again would write an empty one as an object.
  local before = redis.call('HGET', KEYS[2], pseudonym)
  local list = before and string.sub(before, 1, -2) .. ',' .. kept[pseudonym] .. ']' or '[' .. kept[pseudonym] .. ']'
  redis.call('HSET', KEYS[2], pseudonym, list)
  redis.call('HDEL', KEYS[1], pseudonym)
  lifted = lifted + 1
  appendAudit(KEYS[4], { at = now, kind = 'suppression.lifted', ref = 'suppression', code = cjson.decode(entry).reason,
    actor = ARGV[4], who = pseudonym, cid = ARGV[5] })
end
return { 0, lifted }
