-- Moves one action's weight between a batch's counters and closes the batch when none is open.
local function closeBatch(batchKey, stream, fromStatus, toStatus, row)
  redis.call('HINCRBY', batchKey, 'n:' .. fromStatus, -1)
  redis.call('HINCRBY', batchKey, 'n:' .. toStatus, 1)
  countChange(batchKey, row.at)
  local open = 0
  for _, status in ipairs({ 'frozen', 'queued', 'sending', 'unknown' }) do
    open = open + tonumber(redis.call('HGET', batchKey, 'n:' .. status) or '0')
  end
  if open > 0 or redis.call('HGET', batchKey, 'status') ~= 'executing' then return end
  local delivered, undelivered = 0, 0
  for _, status in ipairs({ 'handed_over', 'left', 'taken_back' }) do
    delivered = delivered + tonumber(redis.call('HGET', batchKey, 'n:' .. status) or '0')
  end
  for _, status in ipairs({ 'refused', 'blocked' }) do
    undelivered = undelivered + tonumber(redis.call('HGET', batchKey, 'n:' .. status) or '0')
  end
  local ending = 'executed'
  if undelivered > 0 then ending = delivered > 0 and 'partially_executed' or 'failed' end
  redis.call('HSET', batchKey, 'status', ending, 'finishedAt', row.at)
  appendAudit(stream, { at = row.at, kind = 'batch.finished', ref = row.batch, batch = row.batch,
    from = 'executing', to = ending, actor = row.actor, cid = row.cid })
end
