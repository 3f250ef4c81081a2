--[[
  retire-audit: takes the oldest sealed rows out of the audit with their seals and leaves a checkpoint in their place, all
  at once; refused when another retirement came before.
  KEYS
    1 audit stream
    2 seals (stream)
    3 checkpoint of the rows that were retired (JSON text)
    4 head of the chain (hash)
  ARGV
    1 checkpoint that the caller built on, empty for none
    2 new checkpoint
    3 id of the first row that stays
    4 id of the first seal that stays
    5 rows in all that are retired after this
    6 actor
    7 correlation id
    8 digest of the retired rows
  Output
    { 0, rows taken out, seals taken out } retired | { 1 } another retirement came before | { 2 } a row or a seal that should stay is not there
]]
if (redis.call('GET', KEYS[3]) or '') ~= ARGV[1] then return { 1 } end
if #redis.call('XRANGE', KEYS[1], ARGV[3], ARGV[3]) == 0 then return { 2 } end
if #redis.call('XRANGE', KEYS[2], ARGV[4], ARGV[4]) == 0 then return { 2 } end
if tonumber(redis.call('HGET', KEYS[4], 'count') or '0') <= tonumber(ARGV[5]) then return { 2 } end
local rows = redis.call('XTRIM', KEYS[1], 'MINID', ARGV[3])
local seals = redis.call('XTRIM', KEYS[2], 'MINID', ARGV[4])
redis.call('SET', KEYS[3], ARGV[2])
appendAudit(KEYS[1], { at = nowMs(), kind = 'audit.retired', ref = ARGV[5], code = ARGV[8], actor = ARGV[6], cid = ARGV[7] })
return { 0, rows, seals }
