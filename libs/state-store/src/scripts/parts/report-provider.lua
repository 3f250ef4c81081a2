-- What an answer says about its provider: `answers` ends a rest; `fails` is one fault more, and as many in a row as are allowed,
-- or a probe's, begin a rest that is twice as long each time; `asks_to_wait` holds everybody back until then; `nothing` only lets
-- the next probe through. Answers `rests` when this began the first rest, `works` when it ended one, else ''.
local function reportProvider(key, heard, attemptId, code, waitMs, now)
  local seen = redis.call('HMGET', key, 'faults', 'restUntil', 'rests', 'waitUntil', 'probe')
  local faults = tonumber(seen[1] or '0')
  local rested = faults >= heard.faultsMax
  if heard.verdict == 'nothing' then
    if seen[5] == attemptId then redis.call('HDEL', key, 'probe', 'probeUntil') end
    return ''
  end
  if heard.verdict ~= 'fails' then
    if heard.verdict == 'asks_to_wait' then
      redis.call('HSET', key, 'waitUntil', math.max(tonumber(seen[4] or '0'), now + waitMs), 'waitCode', code)
    end
    if faults > 0 then redis.call('HDEL', key, 'faults', 'restUntil', 'rests', 'since', 'code', 'probe', 'probeUntil') end
    return rested and 'works' or ''
  end
  faults = redis.call('HINCRBY', key, 'faults', 1)
  redis.call('HSET', key, 'code', code)
  -- One that was on its way when the rest began must not make it longer.
  if faults < heard.faultsMax or now < tonumber(seen[2] or '0') then return '' end
  local rests = tonumber(seen[3] or '0') + 1
  local restMs = math.min(heard.restMaxMs, heard.restFirstMs * 2 ^ math.min(rests - 1, 30))
  redis.call('HSET', key, 'rests', rests, 'restUntil', math.floor(now + restMs))
  redis.call('HSETNX', key, 'since', now)
  redis.call('HDEL', key, 'probe', 'probeUntil')
  return rested and '' or 'rests'
end
