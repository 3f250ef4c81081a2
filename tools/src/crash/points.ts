/** A step of the gatekeeper and what a scenario needs so that the step is taken at all. */
export interface MarkedStep {
  readonly step: string;
  /**
   * `batch`: every batch takes it once. `message`: every message. `lost`: a message whose fate was lost. `store`: a store
   * that came back. `stop`, `opt-out`, `exclusion`: somebody decides so.
   */
  readonly needs: 'batch' | 'message' | 'lost' | 'store' | 'stop' | 'opt-out' | 'exclusion' | 'audit';
}

/** Where a process is killed or stopped, from the freeze to the audit: before and after each step. */
export const markedSteps: readonly MarkedStep[] = [
  { step: 'store-freeze', needs: 'batch' },
  { step: 'change-batch', needs: 'batch' },
  { step: 'claim', needs: 'batch' },
  { step: 'store-claim', needs: 'batch' },
  { step: 'take-due', needs: 'batch' },
  { step: 'enqueue', needs: 'batch' },
  { step: 'admit', needs: 'message' },
  { step: 'provider-call', needs: 'message' },
  { step: 'list-campaigns', needs: 'batch' },
  { step: 'create-campaign', needs: 'batch' },
  { step: 'post-lead', needs: 'message' },
  { step: 'read-lead', needs: 'message' },
  { step: 'settle', needs: 'message' },
  { step: 'lose', needs: 'lost' },
  { step: 'list-leads', needs: 'lost' },
  { step: 'reconcile', needs: 'lost' },
  { step: 'adopt', needs: 'store' },
  { step: 'finish-recovery', needs: 'store' },
  { step: 'append-seal', needs: 'audit' },
  { step: 'publish-head', needs: 'audit' },
  { step: 'set-halt', needs: 'stop' },
  { step: 'suppress', needs: 'opt-out' },
  { step: 'exclude', needs: 'exclusion' },
];

export const pointsOf = (steps: readonly MarkedStep[]): string[] =>
  steps.flatMap(({ step }) => [`before-${step}`, `after-${step}`]);
