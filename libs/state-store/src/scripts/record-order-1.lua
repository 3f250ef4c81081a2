--[[
  record-order: one row for what a person had a provider do that changes no record of ours.
  KEYS
    1 audit stream
  ARGV
    1 kind
    2 what it is about
    3 batch id, or empty
    4 code, or empty
    5 actor
    6 correlation id
  Output
    { 0 }
]]
appendAudit(KEYS[1], { at = nowMs(), kind = ARGV[1], ref = ARGV[2], batch = ARGV[3], code = ARGV[4], actor = ARGV[5],
  cid = ARGV[6] })
return { 0 }
