--[[
  look-at-audit: how the audit stands at one moment, without reading its rows.
  KEYS
    1 audit stream
    2 head of the chain (hash)
    3 seals (stream)
    4 store hash (name, first row)
    5 checkpoint of the rows that were retired (JSON text)
  ARGV
    none
  Output
    { rows there, rows ever added or empty, id of the last row deleted, head, id of the last row sealed,
      rows sealed, mark of the seal key, id of the last seal, id of the oldest row after the last sealed one,
      name of the store, id of its first row, milliseconds since 1970, checkpoint of the retired rows or empty }
]]
local rows, added, deleted = 0, '', ''
if redis.call('EXISTS', KEYS[1]) == 1 then
  local info = redis.call('XINFO', 'STREAM', KEYS[1])
  for at = 1, #info, 2 do
    if info[at] == 'length' then rows = info[at + 1] end
    -- Since Redis 7.
    if info[at] == 'entries-added' then added = info[at + 1] end
    if info[at] == 'max-deleted-entry-id' then deleted = info[at + 1] end
  end
end
local head = redis.call('HMGET', KEYS[2], 'head', 'lastId', 'count', 'keyMark')
local seal = redis.call('XREVRANGE', KEYS[3], '+', '-', 'COUNT', 1)[1]
-- The head may be damaged; that is for the verification to say.
local tail = redis.pcall('XRANGE', KEYS[1], head[2] and head[2] ~= '' and '(' .. head[2] or '-', '+', 'COUNT', 1)
local oldest = not tail.err and tail[1] and tail[1][1] or ''
local store = redis.call('HMGET', KEYS[4], 'storeId', 'genesisId')
return { rows, added, deleted, head[1] or '', head[2] or '', head[3] or '0', head[4] or '', seal and seal[1] or '',
  oldest, store[1] or '', store[2] or '', nowMs(), redis.call('GET', KEYS[5]) or '' }
