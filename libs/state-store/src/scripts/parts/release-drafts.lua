-- Gives the drafts of a batch that will not run back to the approved pile. What a recovery found at its provider
-- was sent: its draft stays where it is.
local function releaseDrafts(actionsKey, actionPrefix, draftPrefix, statusPrefix)
  for _, actionId in ipairs(redis.call('ZRANGE', actionsKey, 0, -1)) do
    local action = redis.call('HMGET', actionPrefix .. actionId, 'draftId', 'status')
    local draftId = action[2] == 'frozen' and action[1]
    if draftId and redis.call('HGET', draftPrefix .. draftId, 'status') == 'batched' then
      local createdAt = redis.call('ZSCORE', statusPrefix .. 'batched', draftId) or '0'
      redis.call('HSET', draftPrefix .. draftId, 'status', 'approved', 'batchId', '')
      redis.call('ZREM', statusPrefix .. 'batched', draftId)
      redis.call('ZADD', statusPrefix .. 'approved', createdAt, draftId)
    end
  end
end
