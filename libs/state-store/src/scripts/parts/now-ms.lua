-- Milliseconds since 1970 by the store's own clock: callers' clocks never decide.
local function nowMs()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
