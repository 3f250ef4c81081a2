--[[
  erase-person: bars a person for good under keyed pseudonyms and takes the names off the lists, in one step. Nothing is
  changed while a message to them may still go out.
  KEYS
    1 suppressions (hash by pseudonym)
    2 exclusions (hash by exclusion key)
    3 exclusions of the customers as the last list gave them (hash: exclusion key -> JSON text of the entry)
    4 opt-outs received and not worked on yet (hash: person key -> delivery id)
    5 action: key prefix, the id follows
    6 batch: key prefix, the id follows
    7 messages that a provider holds (sorted set by the time of the next look)
    8 audit stream
  ARGV
    1 JSON list of ids of the person's actions
    2 JSON list of pseudonyms
    3 JSON list of the person's own keys, as they stand in KEYS 2 to 4
    4 instant, ISO
    5 actor
    6 reason code
    7 correlation id
    8 '1' when something of the person is stored elsewhere
  Output
    { 0, suppressions added, names taken off lists } done | { 1, action id, status } this message may still go out
]]
local closed = { rejected = true, revoked = true, expired = true }
for _, id in ipairs(cjson.decode(ARGV[1])) do
  local action = redis.call('HMGET', KEYS[5] .. id, 'status', 'batchId', 'takeBackState')
  local status = action[1]
  local goes = status == 'queued' or status == 'sending' or status == 'unknown'
  if status == 'handed_over' then goes = action[3] == 'open' or redis.call('ZSCORE', KEYS[7], id) ~= false end
  if status == 'frozen' then goes = not closed[redis.call('HGET', KEYS[6] .. (action[2] or ''), 'status') or ''] end
  if goes then return { 1, id, status } end
end
local now = nowMs()
local added, taken, bared = 0, 0, 0
local pseudonyms = cjson.decode(ARGV[2])
for _, pseudonym in ipairs(pseudonyms) do
  local text = redis.call('HGET', KEYS[1], pseudonym)
  local entry = text and cjson.decode(text) or { reason = 'erased', at = ARGV[4], by = ARGV[5] }
  if not text then added = added + 1 end
  if text and entry.personKey ~= cjson.null then bared = bared + 1 end
  if not text or entry.personKey ~= cjson.null then
    redis.call('HSET', KEYS[1], pseudonym, cjson.encode({
      personKey = cjson.null, reason = entry.reason, source = 'erased', at = entry.at, by = entry.by }))
  end
end
for _, key in ipairs(cjson.decode(ARGV[3])) do
  taken = taken + redis.call('HDEL', KEYS[2], key) + redis.call('HDEL', KEYS[3], key) + redis.call('HDEL', KEYS[4], key)
end
if added + taken + bared > 0 or ARGV[8] == '1' then
  appendAudit(KEYS[8], { at = now, kind = 'person.erased', ref = 'person', code = ARGV[6], actor = ARGV[5],
    who = pseudonyms[1], cid = ARGV[7] })
end
return { 0, added, taken }
