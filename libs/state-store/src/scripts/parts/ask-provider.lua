-- Whether a provider may be called now: nil, or the refusal and until when. A refusal for want of budget hands out the next
-- free turn, so that those who wait come back one after the other. Only who is let through takes requests from the budgets,
-- and of a provider that rested becomes the probe. Of a bucket filled to half, with the rest flowing in over the window, no
-- window of that length can be given more than its maximum. Figures: libs/dispatch-core/src/provider-pace.ts.
local function askProvider(key, pace, attemptId, now, leaseUntil)
  local seen = redis.call('HMGET', key, 'faults', 'restUntil', 'probeUntil', 'waitUntil', 'turn')
  if seen[4] and now < tonumber(seen[4]) then return 'provider_resting', tonumber(seen[4]) end
  local resting = tonumber(seen[1] or '0') >= pace.faultsMax
  if resting and now < tonumber(seen[2]) then return 'provider_resting', tonumber(seen[2]) end
  if resting and seen[3] and now < tonumber(seen[3]) then return 'provider_resting', math.min(tonumber(seen[3]), now + 1000) end
  local left = {}
  for _, window in ipairs(pace.windows) do
    local half = math.max(window.requestsMax / 2, pace.requestsPerSend)
    local perMs = (window.requestsMax - half) / window.windowMs
    local held = redis.call('HMGET', key, 'left:' .. window.windowMs, 'at:' .. window.windowMs)
    local level = held[1] and math.min(half, tonumber(held[1]) + math.max(0, now - tonumber(held[2])) * perMs) or half
    if level < pace.requestsPerSend then
      local free = now + math.ceil((pace.requestsPerSend - level) / perMs)
      local turn = math.min(math.max(free, tonumber(seen[5] or '0')), now + 60000)
      redis.call('HSET', key, 'turn', turn + math.ceil(pace.requestsPerSend / perMs))
      return 'rate_budget', turn
    end
    left[#left + 1] = { window.windowMs, level - pace.requestsPerSend }
  end
  for _, one in ipairs(left) do redis.call('HSET', key, 'left:' .. one[1], tostring(one[2]), 'at:' .. one[1], now) end
  if resting then redis.call('HSET', key, 'probe', attemptId, 'probeUntil', leaseUntil) end
  return nil
end
