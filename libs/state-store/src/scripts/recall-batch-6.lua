--[[
  recall-batch: stops the execution of one batch, or of one message of it, for good. What is queued is blocked, what a provider holds has to come
  back, what is on its way at this moment is met when it arrives. Asking again changes nothing.
  KEYS
    1 batch hash
    2 actions of the batch (sorted set)
    3 action: key prefix, the id follows
    4 queued actions (sorted set by due time)
    5 messages being taken back (sorted set by the time of the next try)
    6 audit stream
  ARGV
    1 batch id
    2 reason
    3 actor
    4 correlation id
    5 the only action it is about; empty for the whole batch
  Output
    { 0, how many were blocked, how many have to come back } recalled | { 1, status, 0 } not executing and not executed
]]
local status = redis.call('HGET', KEYS[1], 'status')
local past = { executing = true, executed = true, partially_executed = true, failed = true }
if not past[status or ''] then return { 1, status or 'missing', 0 } end
local now = nowMs()
if ARGV[5] == '' and redis.call('HSETNX', KEYS[1], 'recallReason', ARGV[2]) == 1 then
  redis.call('HSET', KEYS[1], 'recalledBy', ARGV[3], 'recalledAt', now)
  appendAudit(KEYS[6], { at = now, kind = 'batch.recalled', ref = ARGV[1], batch = ARGV[1], from = status, to = status,
    code = '', actor = ARGV[3], cid = ARGV[4] })
end
local blocked, held = 0, 0
local ids = ARGV[5] == '' and redis.call('ZRANGE', KEYS[2], 0, -1) or { ARGV[5] }
for _, actionId in ipairs(ids) do
  local key = KEYS[3] .. actionId
  local action = redis.call('HMGET', key, 'status', 'who', 'providerMessageId')
  if action[1] == 'queued' then
    blocked = blocked + 1
    redis.call('HSET', key, 'status', 'blocked', 'reason', 'recalled', 'settledAt', now)
    redis.call('ZREM', KEYS[4], actionId)
    appendAudit(KEYS[6], { at = now, kind = 'action.blocked', ref = actionId, batch = ARGV[1], from = 'queued', to = 'blocked',
      code = 'recalled', actor = ARGV[3], who = action[2], cid = ARGV[4] })
    closeBatch(KEYS[1], KEYS[6], 'queued', 'blocked', { at = now, batch = ARGV[1], actor = ARGV[3], cid = ARGV[4] })
  elseif action[1] == 'handed_over' and not redis.call('ZSCORE', KEYS[5], actionId) then
    held = held + 1
  end
end
return { 0, blocked, held }
