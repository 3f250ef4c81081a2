--[[
  note-customers: notes why a list of customers was not taken over. One that shrank ends the trust in the one before it
  at once, because nobody knows which of the two is right.
  KEYS
    1 standing of the customers' list (hash)
    2 store hash (until when the customers' list may be relied on)
    3 audit stream
  ARGV
    1 'fallen' or 'failure'
    2 JSON text of what is noted
    3 revision of the standing that the list was compared with
    4 digest of the list, or the code of the failure
    5 actor
    6 correlation id
  Output
    { 0 } noted | { 1 } another list was taken over meanwhile
]]
if (redis.call('HGET', KEYS[1], 'revision') or '0') ~= ARGV[3] then return { 1 } end
local before = redis.call('HGET', KEYS[1], ARGV[1] .. 'Of')
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2], ARGV[1] .. 'Of', ARGV[4])
if ARGV[1] == 'fallen' then
  redis.call('HSET', KEYS[1], 'goodUntil', '0')
  redis.call('HSET', KEYS[2], 'customersGoodUntil', '0')
end
-- Once for each list and each failure, and not a row a minute for as long as it stands.
if before ~= ARGV[4] then
  appendAudit(KEYS[3], { at = nowMs(), kind = 'customers.' .. ARGV[1], ref = ARGV[4], actor = ARGV[5], cid = ARGV[6] })
end
return { 0 }
