import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createServiceTokenSigner, digestOf, parseServicePrivateKey, serviceTokenHeader } from '@caio/auth';
import {
  batchAnswerSchema,
  type Draft,
  draftListSchema,
  type DraftSubmission,
  frozenBatchSchema,
  type Lead,
  type Receipt,
  receiptListSchema,
  submittedDraftsSchema,
} from '@caio/contracts';
import { createPackDrafter } from '@caio/outreach-core';
import { loadCompany } from '@caio/service-kit';
import { createKeys } from '@caio/state-store';
import {
  buildLead,
  buildPolicy,
  freePort,
  type ProviderSimulator,
  type RedisServer,
  type RunningProcess,
  startProcess,
  waitFor,
} from '@caio/test-kit';
import { Redis } from 'ioredis';
import { request } from 'undici';
import { createStackSecrets } from '../../stack/secrets.ts';
import { allPermissions, serviceEnvironment, type StackSettings } from '../../stack/stack-settings.ts';

export const root = resolve(__dirname, '../../../..');
const copyPackDir = join(root, 'config/copy-pack/harbor-pine');

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly code: string | null;
}

export interface RigOptions {
  readonly redis: RedisServer;
  readonly simulator: ProviderSimulator;
  /** Changes to the rehearsal policy; leases are short so that recovery is quick. */
  readonly policy?: Parameters<typeof buildPolicy>[0];
  readonly deliveryMode?: 'log-only' | 'sandbox';
}

const rehearsalDispatch = {
  leaseSeconds: 3,
  sendDeadlineMs: 1_000,
  providerTimeoutMs: 1_500,
  retryFirstSeconds: 1,
  retryMaxSeconds: 60,
  latenessMaxHours: 24,
};

const quickRecovery = { JOB_LOCK_MS: '1500', JOB_STALL_CHECK_MS: '1000', REQUEUE_AFTER_MS: '2500' };

const codeOf = (body: unknown): string | null => {
  const error: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'error') : null;
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : null;
  return typeof code === 'string' ? code : null;
};

/**
 * A real gatekeeper process on a real Redis and a real provider simulator, spoken to as the gateway speaks to
 * it. It can be killed and started again, with another environment when a test is about that.
 */
export const createGatekeeperRig = async (options: RigOptions) => {
  const environment = `test-${randomBytes(5).toString('hex')}`;
  const records = mkdtempSync(join(tmpdir(), 'caio-rig-'));
  const secrets = createStackSecrets();
  const signing = parseServicePrivateKey(secrets.privateKeys.gateway);
  if (!signing.ok) throw new Error(signing.problem);
  const signer = createServiceTokenSigner({ service: 'gateway', privateKey: signing.value, now: Date.now });
  const port = await freePort();
  const company = loadCompany(copyPackDir, { environment });
  const drafter = createPackDrafter(company.pack);
  let process: RunningProcess | null = null;
  let policies = 0;

  const writePolicy = (overrides: Parameters<typeof buildPolicy>[0] = {}): string => {
    policies += 1;
    const file = join(records, `policy-${policies}.json`);
    const policy = buildPolicy({ dispatch: rehearsalDispatch, ...options.policy, ...overrides });
    writeFileSync(file, JSON.stringify(policy));
    return file;
  };
  let policyFile = writePolicy();

  const settings = (): StackSettings => ({
    root,
    environment,
    redisUrl: options.redis.url,
    ports: {
      gateway: 1,
      gatekeeper: port,
      scheduler: 1,
      webhooks: 1,
      simulator: options.simulator.port,
      inngest: 1,
    },
    secrets,
    users: [],
    policyFile,
    copyPackDir,
    deliveryMode: options.deliveryMode ?? 'sandbox',
    recordsDir: records,
    inngestUrl: null,
    extra: {},
  });

  const start = async (extra: Readonly<Record<string, string>> = {}): Promise<void> => {
    mkdirSync(join(records, 'traces'), { recursive: true });
    process = await startProcess({
      command: globalThis.process.execPath,
      args: [join(root, 'dist/gatekeeper/main.cjs')],
      env: {
        ...serviceEnvironment(settings(), 'gatekeeper'),
        LOG_LEVEL: 'info',
        CAIO_PARENT_PID: undefined,
        ...quickRecovery,
        ...extra,
      },
      readyWhen: (started) => started.stdout().includes('"ready":true'),
    });
  };

  const running = (): RunningProcess => {
    if (process === null) throw new Error('the gatekeeper of this rig was not started');
    return process;
  };

  /** One signed call. `body` is JSON unless it is a Buffer. */
  const call = async (
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const bytes =
      body === undefined ? null : Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
    const correlationId = `rig-${randomUUID()}`;
    const token = signer.sign({
      audience: 'gatekeeper',
      method,
      path,
      bodyDigest: bytes === null ? null : digestOf(bytes),
      correlationId,
      user: { name: 'test-user', permissions: allPermissions },
    });
    const answer = await request(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: {
        [serviceTokenHeader]: token,
        'x-correlation-id': correlationId,
        ...(bytes === null ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: bytes,
    });
    const text = await answer.body.text();
    const json: unknown = text === '' ? null : JSON.parse(text);
    return { status: answer.statusCode, body: json, code: codeOf(json) };
  };

  /** A call that has to succeed. */
  const must = async (
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<unknown> => {
    const answer = await call(method, path, body, headers);
    if (answer.status >= 400)
      throw new Error(`${method} ${path} answered ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };

  let people = 0;
  const leadOf = (overrides: Partial<Lead> = {}): Lead => {
    people += 1;
    const domain = `company-${people}-${environment}.example`;
    return buildLead({
      email: `ada.holm@${domain}`,
      firstName: 'Ada',
      lastName: 'Holm',
      fullName: 'Ada Holm',
      title: 'CEO',
      company: `Company ${people} Agency`,
      companyDomain: domain,
      industry: 'Marketing & Advertising',
      employees: { min: 120, max: 120 },
      revenueUsd: { min: 30_000_000, max: 30_000_000 },
      linkedinUrl: `https://www.linkedin.com/in/ada-holm-${people}-${environment}`,
      ...overrides,
    });
  };

  const submissionOf = async (lead: Lead): Promise<DraftSubmission> => {
    const text = await drafter.draft({
      lead,
      tier: 'tier_1',
      motion: 'outbound',
      step: 1,
      evidence: [],
      takenTemplateIds: [],
    });
    if (!text.ok) throw new Error(`no text for the test lead: ${text.message}`);
    return {
      sourceKey: `key-${randomUUID()}`,
      motion: 'outbound',
      channel: 'email',
      lead,
      subject: text.subject,
      body: text.body,
      claims: text.claims,
      templateId: text.templateId,
    };
  };

  const submit = async (submissions: readonly DraftSubmission[]) => {
    const lines = Buffer.from(submissions.map((submission) => JSON.stringify(submission)).join('\n'));
    return submittedDraftsSchema.parse(
      await must('POST', '/api/drafts', lines, { 'content-type': 'application/x-ndjson' }),
    );
  };

  const pending = async (): Promise<Draft[]> => {
    const drafts: Draft[] = [];
    for (let cursor: string | null = '0'; cursor !== null;) {
      const page: ReturnType<typeof draftListSchema.parse> = draftListSchema.parse(
        await must('GET', `/api/drafts?status=pending&limit=500&cursor=${cursor}`),
      );
      drafts.push(...page.drafts);
      cursor = page.nextCursor;
    }
    return drafts;
  };

  const approve = (draft: Draft) =>
    must('POST', `/api/drafts/${draft.draftId}/approve`, { contentDigest: draft.contentDigest });

  /** `count` new people with an approved text each. */
  const approvedDrafts = async (
    count: number,
    leads: readonly Lead[] = Array.from({ length: count }, () => leadOf()),
  ): Promise<Draft[]> => {
    await submit(await Promise.all(leads.map(submissionOf)));
    const drafts = await pending();
    for (let at = 0; at < drafts.length; at += 20) await Promise.all(drafts.slice(at, at + 20).map(approve));
    return drafts;
  };

  const freeze = async () => {
    const frozen = frozenBatchSchema.parse(await must('POST', '/api/batches', { motion: 'outbound' }));
    if (frozen.batch === null) throw new Error('the freeze stored nothing');
    return {
      batchId: frozen.batch.batchId,
      previewHash: frozen.previewHash,
      preview: frozen.preview,
      leftOut: frozen.leftOut,
    };
  };

  const approvedBatch = async (count: number) => {
    await approvedDrafts(count);
    const batch = await freeze();
    await must('POST', `/api/batches/${batch.batchId}/approve`, { previewHash: batch.previewHash });
    return batch;
  };

  const batchOf = async (batchId: string) =>
    batchAnswerSchema.parse(await must('GET', `/api/batches/${batchId}`)).batch;

  const receipts = async (batchId: string): Promise<Receipt[]> => {
    const all: Receipt[] = [];
    for (let cursor: string | null = '0'; cursor !== null;) {
      const page: ReturnType<typeof receiptListSchema.parse> = receiptListSchema.parse(
        await must('GET', `/api/batches/${batchId}/receipts?limit=500&cursor=${cursor}`),
      );
      all.push(...page.receipts);
      cursor = page.nextCursor;
    }
    return all;
  };

  const finished = (batchId: string, timeoutMs = 60_000) =>
    waitFor(
      async () => {
        const batch = await batchOf(batchId).catch(() => null);
        return batch !== null && batch.status !== 'executing' && batch.status !== 'approved' ? batch : null;
      },
      { timeoutMs, describe: () => `batch ${batchId} to finish` },
    );

  /** What the provider was handed for this rig's environment. */
  const handedOver = () =>
    options.simulator.log().filter((entry) => entry.campaignName.includes(environment));

  const connections: Redis[] = [];
  return {
    environment,
    keys: createKeys(environment),
    records,
    secrets,
    port,
    start,
    running,
    call,
    must,
    leadOf,
    submissionOf,
    submit,
    pending,
    approve,
    approvedDrafts,
    freeze,
    approvedBatch,
    batchOf,
    receipts,
    finished,
    handedOver,
    /** Takes effect at the next start. */
    usePolicy: (overrides: Parameters<typeof buildPolicy>[0]): void => {
      policyFile = writePolicy(overrides);
    },
    redis: (): Redis => {
      const redis = new Redis(options.redis.url, { maxRetriesPerRequest: 1 });
      redis.on('error', () => undefined);
      connections.push(redis);
      return redis;
    },
    logs: (): string => running().stdout() + running().stderr(),
    traces: (): string =>
      readFileSync(join(records, 'traces', 'tool_trace_envelopes.gatekeeper.jsonl'), 'utf8'),
    close: async (): Promise<void> => {
      connections.forEach((redis) => redis.disconnect());
      await process?.kill9();
      rmSync(records, { recursive: true, force: true });
    },
  };
};

export type GatekeeperRig = Awaited<ReturnType<typeof createGatekeeperRig>>;

/** The provider's log and the ledger agree: every action once, with the approved content, none lost. */
export const compareWithProvider = (
  approved: readonly { actionId: string; contentDigest: string }[],
  log: readonly { actionId: string | null; contentDigest: string | null }[],
): { lost: string[]; duplicated: string[]; unapproved: string[] } => {
  const wanted = new Map(approved.map((action) => [action.actionId, action.contentDigest]));
  const seen = new Map<string, number>();
  const unapproved: string[] = [];
  for (const { actionId, contentDigest } of log) {
    const id = actionId ?? '(none)';
    seen.set(id, (seen.get(id) ?? 0) + 1);
    if (wanted.get(id) !== contentDigest) unapproved.push(id);
  }
  return {
    lost: [...wanted.keys()].filter((id) => !seen.has(id)),
    duplicated: [...seen].filter(([, count]) => count > 1).map(([id]) => id),
    unapproved,
  };
};
