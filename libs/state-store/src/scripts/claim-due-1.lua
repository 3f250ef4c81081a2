--[[
  claim-due: hands out the members whose time has come and hides each until its claim runs out, so that what a process
  took and did not finish comes by again.
  KEYS
    1 sorted set by due time
  ARGV
    1 how many at most
    2 milliseconds to hide each
  Output
    { member, … }
]]
local now = nowMs()
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[1])
for _, member in ipairs(due) do redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), member) end
return due
