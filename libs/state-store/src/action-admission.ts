import {
  type AdmissionCode,
  admissionCodes,
  type AttemptId,
  type Channel,
  type DispatchActionJob,
  type Ledger,
  type ProviderName,
} from '@caio/contracts';
import type { AdmissionRules, ProviderPace, SendingClock } from '@caio/dispatch-core';
import { replyTexts, runScript, ScriptReplyError } from './script.ts';
import { scripts } from './scripts/index.ts';
import type { StoreSession } from './store-session.ts';

export interface AdmissionRequest {
  readonly job: DispatchActionJob;
  readonly attemptId: AttemptId;
  readonly digest: string;
  readonly ledger: Ledger;
  /** Each channel has its own caps, so each has its own counters. */
  readonly channel: Channel;
  readonly mode: string;
  readonly policyVersion: string;
  readonly haltedByEnvironment: boolean;
  readonly routeAllowed: boolean;
  readonly clock: SendingClock;
  readonly callerNowMs: number;
  readonly rules: AdmissionRules;
  readonly leaseMs: number;
  readonly personKeys: readonly string[];
  readonly suppressionKeys: readonly string[];
  readonly suppressionPseudonyms: readonly string[];
  readonly exclusionKeys: readonly string[];
  readonly recipientDomain: string;
  readonly senderKey: string;
  readonly processId: string;
  /** `required`: no list of customers, or an old one, puts the action off. */
  readonly customerList: 'required' | 'not_required';
  readonly provider: ProviderName;
  readonly pace: ProviderPace;
}

export type AdmissionAnswer =
  | { readonly admitted: true; readonly leaseUntilMs: number }
  | { readonly admitted: false; readonly code: AdmissionCode; readonly detail: string };

/** The one gate to a provider. */
export const createActionAdmission = ({
  redis,
  keys,
  runId,
}: Pick<StoreSession, 'redis' | 'keys' | 'runId'>) => ({
  /** The last check before a provider call. Safe to ask again with the same attempt id. */
  admit: async (request: AdmissionRequest): Promise<AdmissionAnswer> => {
    const { job, ledger, clock, rules } = request;
    const counted = { ledger, channel: request.channel };
    const reply = replyTexts(
      scripts.admitAction,
      await runScript(
        redis,
        scripts.admitAction,
        [
          keys.action(job.actionId),
          keys.batch(job.batchId),
          keys.store,
          keys.halt,
          keys.suppressions,
          keys.exclusions,
          keys.allowList,
          keys.inFlight(ledger),
          keys.contacts(ledger),
          keys.lastSend(counted, request.senderKey),
          keys.sent(counted, 'hour', clock.hourKey),
          keys.sent(counted, 'day', clock.dayKey),
          keys.sent(counted, 'month', clock.monthKey),
          keys.sent(counted, 'domain', clock.dayKey, request.recipientDomain),
          keys.sent(counted, 'mailbox', clock.dayKey, request.senderKey),
          keys.actionsQueued,
          keys.actionsSending,
          keys.audit,
          keys.optOutsPending,
          keys.providerPace(ledger, request.provider),
        ],
        [
          job.actionId,
          request.attemptId,
          job.executionId,
          job.fence,
          request.digest,
          runId() ?? '',
          request.callerNowMs,
          clock.validFromMs,
          clock.validUntilMs,
          clock.windowOpen ? '1' : '0',
          JSON.stringify({
            window: clock.nextOpenMs,
            hour: clock.nextHourMs,
            day: clock.nextDayMs,
            month: clock.nextMonthMs,
          }),
          JSON.stringify({
            ...rules.caps,
            gapMs: rules.gapMs,
            recontactMs: rules.recontactMs,
            latenessMaxMs: rules.latenessMaxMs,
            ramp: rules.ramp,
            growth: rules.growth,
          }),
          JSON.stringify(rules.tiersAllowed),
          request.routeAllowed ? '1' : '0',
          request.mode,
          request.policyVersion,
          request.haltedByEnvironment ? '1' : '0',
          request.leaseMs,
          JSON.stringify(request.personKeys),
          JSON.stringify(request.suppressionPseudonyms),
          JSON.stringify(request.exclusionKeys),
          request.processId,
          job.correlationId,
          JSON.stringify(request.suppressionKeys),
          request.customerList === 'required' ? '1' : '0',
          JSON.stringify(request.pace),
        ],
      ),
    );
    const [position = '', detail = ''] = reply;
    if (position === '0') return { admitted: true, leaseUntilMs: Number(detail) };
    const code = admissionCodes[Number(position) - 1];
    if (code === undefined) throw new ScriptReplyError(scripts.admitAction.name, reply);
    return { admitted: false, code, detail };
  },
});
