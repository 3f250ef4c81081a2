--[[
  append-seal: extends the audit's chain, if nobody else did since the caller read its head, and if it was sealed
  with the caller's key so far.
  KEYS
    1 head of the chain (hash)
    2 seals (stream)
  ARGV
    1 head the caller built on, empty at the start
    2 new head
    3 id of the last row sealed
    4 JSON text of the sealed rows: [[row id, mac], …]
    5 number of rows in all after this seal
    6 mark of the caller's key
  Output
    { 0 } appended | { 1 } the head moved | { 2 } sealed with another key
]]
local stored = redis.call('HMGET', KEYS[1], 'head', 'keyMark')
if stored[2] and stored[2] ~= ARGV[6] then return { 2 } end
if (stored[1] or '') ~= ARGV[1] then return { 1 } end
redis.call('HSET', KEYS[1], 'head', ARGV[2], 'lastId', ARGV[3], 'count', ARGV[5], 'keyMark', ARGV[6])
redis.call('XADD', KEYS[2], '*', 'head', ARGV[2], 'rows', ARGV[4])
return { 0 }
