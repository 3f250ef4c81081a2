// Risk: a secret, a token, an address or a text of a message ends up in a log, a trace, the audit, an error or a command line.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createAuditLog, createKeys } from '@caio/state-store';
import { Redis } from 'ioredis';
import { request } from 'undici';
import { createApiClient } from '../api/api-client.ts';
import { createOutreachApi } from '../api/outreach-api.ts';
import { runLeadFile } from '../once/lead-file-job.ts';
import { runOnce } from '../once/run-once.ts';
import { createStackSecrets } from '../stack/secrets.ts';
import { urlOf } from '../stack/stack-settings.ts';
import { startTestStack, type TestStack } from './testing/running-stack.ts';

const mark = 'kanarie';
const token = `${mark}Token7Fq2xLw9ZtRb4NcVd8`;
const person = `${mark}.person`;
const environment = 'test-canary';

const inngestKeys = {
  INNGEST_SIGNING_KEY: `signkey-test-${mark}0123456789abcdef`,
  INNGEST_EVENT_KEY: `${mark}EventKey0123456789`,
  INNGEST_BASE_URL: 'http://127.0.0.1:1',
};

let running: TestStack;

const header =
  'First Name,Last Name,Title,Company,Email,Email Status,# Employees,Industry,Person Linkedin Url,Website,Annual Revenue';
const row = (local: string, name: string) =>
  `${name},Holm,CEO,Oak Lane Agency,${local}@oaklane-agency.example,Verified,120,Marketing & Advertising,http://www.linkedin.com/in/${local.replace('.', '-')},https://oaklane-agency.example,$30M`;

beforeAll(async () => {
  const secrets = createStackSecrets();
  running = await startTestStack({
    token,
    environment,
    secrets: {
      ...secrets,
      pseudonymKey: `${mark}-pseudonym-key-${secrets.pseudonymKey}`,
      auditSealKey: `${mark}-audit-key-${secrets.auditSealKey}`,
      unsubscribeSecret: `${mark}-unsubscribe-${secrets.unsubscribeSecret}`,
      sandboxApiKey: `${mark}-sandbox-${secrets.sandboxApiKey}`,
    },
    extra: Object.fromEntries(
      ['gateway', 'gatekeeper', 'scheduler', 'webhooks'].map((service) => [
        service,
        { LOG_LEVEL: 'debug', ...(service === 'scheduler' ? inngestKeys : {}) },
      ]),
    ),
  });
}, 90_000);
afterAll(() => running.close());

const filesBelow = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });

const bodies: string[] = [];
const ask = async (
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  options: { headers?: Record<string, string>; body?: string } = {},
) => {
  const answer = await request(`${running.stack.gatewayUrl}${path}`, {
    method,
    headers: options.headers ?? {},
    body: options.body ?? null,
  });
  const text = await answer.body.text();
  if (answer.statusCode >= 400) bodies.push(text);
  return { status: answer.statusCode, text };
};

test('marked values go through every input and come out only where they belong', async () => {
  const client = createApiClient({
    baseUrl: running.stack.gatewayUrl,
    token,
    correlationId: 'canary-run-00000001',
  });
  const api = createOutreachApi(client);
  const file = join(running.recordsDir, '..', `${mark}-${process.pid}.csv`);
  writeFileSync(
    file,
    [
      header,
      row(person, 'Kanariebird'),
      row(`${mark}.two`, 'Ada'),
      `Broken,Row,CEO,X,${mark} broken@@oak..example,Verified,1,2,3,4,5`,
    ].join('\n'),
  );
  try {
    const result = await runOnce({
      lead: { file, strict: false, map: [] },
      reviewer: client,
      operator: client,
      simulatorUrl: running.stack.simulatorUrl,
      redisUrl: running.redis.url,
      environment,
      say: () => undefined,
    });
    expect(result.ok).toBe(true);
    expect(result.receipts.length).toBeGreaterThan(0);
    await runLeadFile(api, { file, strict: true, map: [] }, () => undefined);
  } finally {
    rmSync(file);
  }

  const json = { 'content-type': 'application/json', 'x-dashboard-token': token };
  await ask('GET', '/api/drafts', { headers: { 'x-dashboard-token': `${mark}WrongToken123456789` } });
  await ask('GET', `/api/drafts?token=${mark}QueryToken123456789`);
  await ask('GET', `/api/drafts/${mark}-no-such-id`, { headers: { 'x-dashboard-token': token } });
  await ask('POST', '/api/drafts', {
    headers: json,
    body: `{"sourceKey":"${mark}","lead":{"email":"${person}@x.example"},"subject":"${mark}"}`,
  });
  await ask('POST', '/api/drafts', { headers: json, body: `{ not json ${mark} secret` });
  await ask('POST', '/api/halt', {
    headers: json,
    body: JSON.stringify({ reason: 'x', [mark]: 'unknown field' }),
  });
  await ask('POST', '/api/suppressions', {
    headers: json,
    body: JSON.stringify({ person: `${mark} nobody at all` }),
  });
  await api.suppress(`${mark}.suppressed@oaklane-agency.example`, 'manual', 'test');
  await api.changeExclusions({
    add: [{ key: `${mark}.excluded@oaklane-agency.example`, kind: 'customer', note: mark }],
    remove: [],
    source: 'test',
  });
  const [draft] = await api.drafts('batched');
  const link = new URL(draft?.message.unsubscribeUrl ?? '');
  expect((await ask('POST', link.pathname)).status).toBe(200);
  expect((await ask('POST', `/u/${mark}NoSuchToken`)).status).toBe(404);

  const inngest = `/inngest?fnId=${mark}&stepId=${mark}`;
  const forged = { 'content-type': 'application/json', 'x-inngest-signature': `t=1&s=${mark}` };
  const call = JSON.stringify({ event: { name: mark, data: { email: `${person}@x.example` } }, steps: {} });
  bodies.push((await ask('GET', '/inngest')).text);
  for (const method of ['POST', 'PUT'] as const)
    for (const headers of [{ 'content-type': 'application/json' }, forged])
      expect((await ask(method, inngest, { headers, body: call })).status).toBe(401);
  expect((await ask('POST', inngest, { headers: forged, body: `{ not json ${mark}` })).status).toBe(400);

  const commandLines = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
  const store = new Redis(running.redis.url);
  const audit = createAuditLog({ redis: store, keys: createKeys(environment) });
  const rows: unknown[] = [];
  for (let after = ''; ;) {
    const page = await audit.rowsAfter(after, 1_000);
    const last = page.at(-1);
    if (last === undefined) break;
    rows.push(...page);
    after = last.id;
  }
  store.disconnect();
  expect(rows.length).toBeGreaterThan(5);

  const places = new Map<string, string>([
    [
      'command lines',
      commandLines
        .split('\n')
        .filter((line) => !line.includes('jest'))
        .join('\n'),
    ],
    ['audit', JSON.stringify(rows)],
    ['error answers', bodies.join('\n')],
    ...filesBelow(join(running.recordsDir, 'logs')).map((path): [string, string] => [
      path,
      readFileSync(path, 'utf8'),
    ]),
    ...filesBelow(join(running.recordsDir, 'traces')).map((path): [string, string] => [
      path,
      readFileSync(path, 'utf8'),
    ]),
  ]);
  const secrets = [
    running.settings.secrets.privateKeys.gatekeeper,
    running.settings.secrets.privateKeys.gateway,
    link.pathname.split('/')[2] ?? 'none',
  ];
  const texts = [
    draft?.message.subject ?? 'none',
    (draft?.message.body ?? 'none').split('\n').find((line) => line.length > 40) ?? 'none',
  ];
  for (const [place, text] of places) {
    const found = [mark, 'Kanariebird', ...secrets, ...texts].filter((value) =>
      text.toLowerCase().includes(value.toLowerCase()),
    );
    expect([place, found]).toEqual([place, []]);
  }
  expect([...places.keys()].filter((place) => place.includes('traces')).length).toBeGreaterThanOrEqual(3);
}, 90_000);

test('one correlation id joins the traces of the services and the provider’s log', () => {
  const joined = filesBelow(join(running.recordsDir, 'traces')).filter((path) =>
    readFileSync(path, 'utf8').includes('canary-run-00000001'),
  );
  expect(joined.map((path) => /envelopes\.(\w+)\./.exec(path)?.[1]).sort()).toEqual([
    'gatekeeper',
    'gateway',
    'scheduler',
  ]);
  expect(readFileSync(join(running.recordsDir, 'provider-simulator.jsonl'), 'utf8')).toContain(
    'canary-run-00000001',
  );
  expect(urlOf(running.settings.ports.gateway)).toBe(running.stack.gatewayUrl);
});
