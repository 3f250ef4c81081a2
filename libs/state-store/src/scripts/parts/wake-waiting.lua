-- A place under a cap that became free goes to the message that waits longest for it. The one it is given to passes it
-- on when it cannot use it, so that a cap is filled as long as anybody is waiting.
local function wakeWaiting(counter, queuedKey, actionPrefix, now)
  for _ = 1, 100 do
    local actionId = redis.call('ZPOPMIN', counter .. ':waiting')[1]
    if not actionId then return end
    if redis.call('ZSCORE', queuedKey, actionId) then
      local places = cjson.decode(redis.call('HGET', actionPrefix .. actionId, 'places') or '[]')
      table.insert(places, counter)
      redis.call('HSET', actionPrefix .. actionId, 'places', cjson.encode(places))
      redis.call('ZADD', queuedKey, now, actionId)
      return
    end
  end
end
