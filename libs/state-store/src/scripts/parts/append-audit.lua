-- One row for one decision, in the same step that makes it. `who` is a keyed pseudonym, never an address.
local function appendAudit(stream, row)
  return redis.call('XADD', stream, '*',
    'at', row.at, 'kind', row.kind, 'ref', row.ref, 'batch', row.batch or '', 'from', row.from or '',
    'to', row.to or '', 'code', row.code or '', 'actor', row.actor or '', 'who', row.who or '', 'cid', row.cid or '')
end
