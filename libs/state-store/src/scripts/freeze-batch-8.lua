--[[
  freeze-batch: makes staged actions a batch, all or nothing; each draft must still be approved with the digest that was read.
  KEYS
    1 batch hash
    2 actions of the batch (sorted set)
    3 batches by creation (sorted set)
    4 action: key prefix, the id follows
    5 draft: key prefix, the id follows
    6 drafts by status: key prefix, the status follows
    7 audit stream
    8 batches that may still be claimed (sorted set by expiry)
  ARGV
    1 batch id
    2 JSON object of the batch's fields (strings)
    3 JSON list of [action id, draft id, content digest]
    4 actor
    5 correlation id
  Output
    { 0, '' } frozen | { 1, '' } this batch exists already | { 2, draft id, status } a draft moved on | { 3, action id } an action was not staged
]]
if redis.call('EXISTS', KEYS[1]) == 1 then return { 1, '' } end
local actions = cjson.decode(ARGV[3])
for _, action in ipairs(actions) do
  local draft = redis.call('HMGET', KEYS[5] .. action[2], 'status', 'digest')
  if draft[1] ~= 'approved' or draft[2] ~= action[3] then return { 2, action[2], draft[1] or 'missing' } end
  local staged = redis.call('HMGET', KEYS[4] .. action[1], 'digest', 'batchId')
  if staged[1] ~= action[3] or staged[2] ~= ARGV[1] then return { 3, action[1] } end
end
local now = nowMs()
for position, action in ipairs(actions) do
  redis.call('PERSIST', KEYS[4] .. action[1])
  redis.call('ZADD', KEYS[2], position, action[1])
  local createdAt = redis.call('ZSCORE', KEYS[6] .. 'approved', action[2]) or now
  redis.call('HSET', KEYS[5] .. action[2], 'status', 'batched', 'batchId', ARGV[1], 'actionId', action[1])
  redis.call('ZREM', KEYS[6] .. 'approved', action[2])
  redis.call('ZADD', KEYS[6] .. 'batched', createdAt, action[2])
end
local fields = cjson.decode(ARGV[2])
for field, value in pairs(fields) do redis.call('HSET', KEYS[1], field, value) end
redis.call('HSET', KEYS[1], 'status', 'pending', 'createdAt', now, 'n:frozen', #actions)
countChange(KEYS[1], now)
redis.call('ZADD', KEYS[3], now, ARGV[1])
redis.call('ZADD', KEYS[8], fields.expiresAtMs, ARGV[1])
appendAudit(KEYS[7], { at = now, kind = 'batch.frozen', ref = ARGV[1], batch = ARGV[1], to = 'pending', actor = ARGV[4], cid = ARGV[5] })
return { 0, '' }
