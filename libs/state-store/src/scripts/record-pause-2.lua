--[[
  record-pause: keeps what a provider answered when it was asked to pause, for the stop it was asked for.
  KEYS
    1 provider pauses (hash by provider and mode)
    2 audit stream
  ARGV
    1 provider and mode, the field
    2 the stop it was asked for
    3 how many the provider confirmed as paused by this answer
    4 JSON list of what it did not pause
    5 '1' when that list is empty
    6 correlation id
  Output
    { how often it was asked for this stop }
]]
local now = nowMs()
local stored = redis.call('HGET', KEYS[1], ARGV[1])
local before = stored and cjson.decode(stored) or nil
if before and before.cause ~= ARGV[2] then before = nil end
local asked = (before and before.asked or 0) + 1
local confirmed = ARGV[5] == '1'
redis.call('HSET', KEYS[1], ARGV[1], cjson.encode({ cause = ARGV[2], at = now, asked = asked, confirmed = confirmed,
  paused = (before and before.paused or 0) + tonumber(ARGV[3]), failed = ARGV[4] }))
-- One row for each change of what is known, and not one for every time it is looked again.
if not before or before.confirmed ~= confirmed or tonumber(ARGV[3]) > 0 then
  appendAudit(KEYS[2], { at = now, kind = confirmed and 'provider.paused' or 'provider.pause_failed', ref = ARGV[1],
    code = '', actor = 'gatekeeper', cid = ARGV[6] })
end
return { tostring(asked) }
