/**
 * The steps between which a mishap is rehearsed, beside those that use cases name themselves: each has a point before it
 * and one after it. docs/failure-windows.md says what is found at each. Keys are methods of what is wrapped.
 */
export const markedSteps = {
  batches: { freeze: 'store-freeze', change: 'change-batch', claim: 'store-claim' },
  actions: {
    takeDue: 'take-due',
    loseExpired: 'lose',
    adopt: 'adopt',
    takeBack: 'record-take-back',
  },
  reconciler: { settle: 'reconcile' },
  lists: { setHalt: 'set-halt', suppress: 'suppress', changeExclusions: 'exclude' },
  lifecycle: { finishRecovery: 'finish-recovery' },
  audit: { appendSeal: 'append-seal' },
  heads: { publish: 'publish-head' },
  instantly: {
    campaigns: 'list-campaigns',
    createCampaign: 'create-campaign',
    addLead: 'post-lead',
    readLeads: 'read-lead',
    listLeads: 'list-leads',
    deleteLead: 'delete-lead',
  },
} as const;
