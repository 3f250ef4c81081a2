import { createAuditLog, createKeys } from '@caio/state-store';
import { Redis } from 'ioredis';
import { ApiError } from '../api/api-client.ts';
import { createOutreachApi, type OutreachApi } from '../api/outreach-api.ts';
import { runLeads } from '../once/lead-file-job.ts';
import { type OwnStack } from '../once/own-stack.ts';
import { approveAll, untilFinished } from '../once/run-once.ts';
import type { Check } from '../once/self-check.ts';
import { readSimulatorLog } from '../once/simulator-log.ts';
import type { StackUser } from '../stack/stack-settings.ts';
import { drillLeads } from './drill-leads.ts';
import { type DrillEvidence, judgeDrill } from './judge-drill.ts';
import { createSimulatedVendor } from './simulated-campaign.ts';

export interface DrillResult {
  readonly ok: boolean;
  readonly checks: readonly Check[];
  readonly messages: number;
}

const pollMs = 50;
const patienceMs = 60_000;
/** How long it stays stopped after the restart, with messages waiting that are swept up several times a second. */
const restMs = 2_000;
const auditPage = 5_000;
/** A provider takes its time; without it a small drill would be over before it is stopped. */
const answerDelayMs = 100;

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

const until = async <Value>(read: () => Promise<Value | null>, what: string): Promise<Value> => {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    const value = await read();
    if (value !== null) return value;
    if (performance.now() > giveUpAt) throw new Error(`the drill waited in vain for ${what}`);
    await pause(pollMs);
  }
};

/** Admissions by the audit's own rows, read from the store and not from the service that wrote them. */
const readAdmissions = async (own: OwnStack): Promise<DrillEvidence['admissions']> => {
  const redis = new Redis(own.redisUrl, { maxRetriesPerRequest: 2 });
  try {
    const audit = createAuditLog({ redis, keys: createKeys(own.environment) });
    const admissions: { actionId: string; atMs: number }[] = [];
    for (let after = ''; ;) {
      const rows = await audit.rowsAfter(after, auditPage);
      const last = rows.at(-1);
      if (last === undefined) return admissions;
      for (const { row } of rows)
        if (row.kind === 'action.admitted') admissions.push({ actionId: row.ref, atMs: Number(row.at) });
      after = last.id;
    }
  } finally {
    redis.disconnect();
  }
};

const refusalOf = async (api: OutreachApi, batchId: string): Promise<string | null> => {
  try {
    await api.executeBatch(batchId);
    return null;
  } catch (error) {
    if (error instanceof ApiError) return error.code;
    throw error;
  }
};

/** One batch of those drafts, approved with its hash. */
const approvedBatch = async (api: OutreachApi, draftIds: readonly string[]) => {
  const { batch, preview } = await api.freezeBatch({ motion: 'outbound', dryRun: false, draftIds });
  if (batch === null) throw new Error('nothing was frozen');
  await api.approveBatch(batch.batchId, batch.previewHash);
  return { batchId: batch.batchId, actionIds: preview.actions.map(({ actionId }) => actionId) };
};

/**
 * Stops everything in the middle of an execution, on a stack of its own, and looks at what the store, the audit and
 * the provider simulator say of it: whether it held, also over a crash, and whether everything went on afterwards.
 */
export const runHaltDrill = async (
  own: OwnStack,
  options: { user: StackUser; messages: number; say: (line: string) => void },
): Promise<DrillResult> => {
  const { say, messages } = options;
  const api = createOutreachApi(own.clientOf(options.user));
  const { simulatorUrl } = own.stack;
  const content = Buffer.from(drillLeads(messages + 1));
  await runLeads(api, { name: 'drill.csv', content, strict: true, map: [] }, () => undefined);
  const drafts = [...(await approveAll(api)).keys()];
  const sending = await approvedBatch(api, drafts.slice(1));
  const waiting = await approvedBatch(api, drafts.slice(0, 1));
  say(`  ${sending.actionIds.length} made-up messages are approved; sending begins`);
  const vendor = createSimulatedVendor({ url: simulatorUrl, apiKey: own.sandboxApiKey });
  await vendor.setAnswerDelay(answerDelayMs);
  await api.executeBatch(sending.batchId);
  const [first] = await until(async () => {
    const log = await readSimulatorLog(simulatorUrl);
    return log.length >= Math.min(10, messages / 4) ? log : null;
  }, 'the first messages to be handed over');
  const drillCampaign = `${first?.campaignName ?? ''}_drill`;
  await vendor.startCampaign(drillCampaign);

  const askedAtMs = Date.now();
  const { halt } = await api.setHalt('a drill');
  const storedAtMs = Date.parse(halt.at ?? '');
  say('  everything is stopped');
  const providers = await until(async () => {
    const { providers: answers } = (await api.halt()).halt;
    return answers.length > 0 && answers.every(({ failed }) => failed.length === 0) ? answers : null;
  }, 'the provider to confirm its pause');
  const { counts } = await until(async () => {
    const { batch } = await api.batch(sending.batchId);
    return (batch.counts['sending'] ?? 0) === 0 ? batch : null;
  }, 'what was admitted before to end');
  const campaignsAfter = await vendor.campaigns(drillCampaign);

  say('  the gatekeeper is ended with kill -9 and started again');
  await own.stack.crash('gatekeeper');
  const { halt: after } = await until(() => api.halt().catch(() => null), 'the gatekeeper to be back');
  const refusalAfterCrash = await refusalOf(api, waiting.batchId);
  await pause(restMs);
  await vendor.setAnswerDelay(0);
  const lifted = await api.liftHalt('the drill is over');
  say('  the stop is lifted');
  const finished = await untilFinished(api, sending.batchId, () => undefined);
  const evidence: DrillEvidence = {
    actionIds: sending.actionIds,
    ...{ askedAtMs, storedAtMs, liftedAtMs: Date.parse(lifted.halt.at ?? '') },
    admissions: await readAdmissions(own),
    waitingAtStop: counts['queued'] ?? 0,
    ...{ providers, campaignsAfter, stoppedAfterCrash: after.active, refusalAfterCrash },
    handedOver: (await readSimulatorLog(simulatorUrl)).flatMap(({ actionId }) =>
      actionId === null ? [] : [actionId],
    ),
    batchStatus: finished.status,
  };
  const checks = judgeDrill(evidence);
  return { ok: checks.every(({ ok }) => ok), checks, messages: sending.actionIds.length };
};
