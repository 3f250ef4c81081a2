-- Numbers the states of a batch, so that whoever follows it can say which was the last they saw.
local function countChange(batchKey, at)
  redis.call('HINCRBY', batchKey, 'changes', 1)
  redis.call('HSET', batchKey, 'changedAt', at)
end
