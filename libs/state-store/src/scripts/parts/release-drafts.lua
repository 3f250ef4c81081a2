-- Gives the drafts of a batch that will not run back to the approved pile; those in `dropped` back to their
-- reviewers, each told to `onDrop`. What a recovery found at its provider was sent: its draft stays where it is.
local function releaseDrafts(actionsKey, actionPrefix, draftPrefix, statusPrefix, dropped, onDrop)
  for _, actionId in ipairs(redis.call('ZRANGE', actionsKey, 0, -1)) do
    local action = redis.call('HMGET', actionPrefix .. actionId, 'draftId', 'status', 'who')
    local draftId = action[2] == 'frozen' and action[1]
    if draftId and redis.call('HGET', draftPrefix .. draftId, 'status') == 'batched' then
      local to = dropped and dropped[draftId] and 'pending' or 'approved'
      local createdAt = redis.call('ZSCORE', statusPrefix .. 'batched', draftId) or '0'
      redis.call('HSET', draftPrefix .. draftId, 'status', to, 'batchId', '')
      redis.call('ZREM', statusPrefix .. 'batched', draftId)
      redis.call('ZADD', statusPrefix .. to, createdAt, draftId)
      if to == 'pending' then onDrop(draftId, action[3]) end
    end
  end
end
