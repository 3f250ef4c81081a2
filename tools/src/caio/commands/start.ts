import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { Permission } from '@caio/contracts';
import { createApiClient } from '../../api/api-client.ts';
import { createOutreachApi } from '../../api/outreach-api.ts';
import { sessionFileIn, type ToolConfig } from '../../config.ts';
import { runLeadFile } from '../../once/lead-file-job.ts';
import { removeNamespace } from '../../once/namespace.ts';
import { checksText, leadsText, mappingText, onceJson, receiptsText } from '../../once/report.ts';
import { runOnce } from '../../once/run-once.ts';
import { bundlePrograms } from '../../stack/bundles.ts';
import { ChildFailure } from '../../stack/child-process.ts';
import { freePorts, takenPort } from '../../stack/free-ports.ts';
import { startInngest } from '../../stack/inngest.ts';
import { resolveRedis } from '../../stack/redis.ts';
import { createStackSecrets, keepStackSecrets } from '../../stack/secrets.ts';
import { startStack, type Stack } from '../../stack/stack.ts';
import {
  allPermissions,
  type StackSettings,
  type StackUser,
  portsFrom,
  urlOf,
} from '../../stack/stack-settings.ts';
import { print, printJson, printNote } from '../output.ts';
import { importExclusions, readExclusionFile } from './exclusion-file.ts';

export interface StartOptions {
  readonly once: boolean;
  readonly json: boolean;
  readonly install: boolean;
  readonly input?: string;
  readonly strict: boolean;
  readonly map: readonly string[];
  readonly pack?: string;
  readonly policy?: string;
  readonly exclusions?: string;
  readonly records?: string;
  readonly port: number;
  readonly data?: string;
}

const say = printNote;

const token = (): string => randomBytes(24).toString('base64url');

const reviewerPermissions: Permission[] = ['read', 'drafts:review', 'batches:approve', 'halt', 'halt:lift'];
const operatorPermissions: Permission[] = [
  'read',
  'runs:write',
  'drafts:write',
  'batches:freeze',
  'batches:execute',
  'halt',
  'suppressions:write',
  'exclusions:write',
];

const pathIn = (root: string, given: string | undefined, fallback: string): string =>
  given === undefined ? join(root, fallback) : isAbsolute(given) ? given : join(process.cwd(), given);

const whenAsked = (): Promise<'SIGINT' | 'SIGTERM'> =>
  new Promise((resolve) => {
    process.once('SIGINT', () => resolve('SIGINT'));
    process.once('SIGTERM', () => resolve('SIGTERM'));
  });

const exclusionsFor = (config: ToolConfig, options: StartOptions): string =>
  pathIn(config.root, options.exclusions, 'examples/exclusions.csv');

/** The whole job without a person, in a namespace of its own that is removed afterwards. Returns the exit code. */
export const startOnce = async (config: ToolConfig, options: StartOptions): Promise<number> => {
  const programs = await bundlePrograms(config.root);
  const redis = await resolveRedis(config.root, { noInstall: !options.install, purpose: 'check' });
  const environment = `test-once-${randomBytes(6).toString('hex')}`;
  const recordsDir =
    options.records === undefined
      ? mkdtempSync(join(tmpdir(), 'caio-once-'))
      : pathIn(config.root, options.records, '');
  const reviewer: StackUser = {
    principal: { name: 'demo-reviewer', permissions: reviewerPermissions },
    token: token(),
  };
  const operator: StackUser = {
    principal: { name: 'demo-operator', permissions: operatorPermissions },
    token: token(),
  };
  const settings: StackSettings = {
    root: config.root,
    environment,
    redisUrl: redis.url,
    ports: await freePorts(),
    secrets: createStackSecrets(),
    users: [reviewer, operator],
    policyFile: pathIn(config.root, options.policy, 'config/policy/local.json'),
    copyPackDir: pathIn(config.root, options.pack, 'config/copy-pack/harbor-pine'),
    deliveryMode: 'sandbox',
    recordsDir,
    inngestUrl: null,
    extra: {},
  };
  const input = pathIn(config.root, options.input, 'examples/leads.csv');
  let stack: Stack | null = null;
  const asked = whenAsked();
  try {
    stack = await startStack(settings, programs);
    const correlationId = `once-${randomUUID()}`;
    const clientOf = (user: StackUser) =>
      createApiClient({ baseUrl: urlOf(settings.ports.gateway), token: user.token, correlationId });
    say(`Four services, a provider simulator and Redis are up. Lead file: ${input}`);
    await importExclusions(
      createOutreachApi(clientOf(operator)),
      readExclusionFile(exclusionsFor(config, options)),
      basename(exclusionsFor(config, options)),
    );
    const job = runOnce({
      lead: { file: input, strict: options.strict, map: options.map },
      reviewer: clientOf(reviewer),
      operator: clientOf(operator),
      simulatorUrl: stack.simulatorUrl,
      redisUrl: redis.url,
      environment,
      say,
    });
    const interrupted = Promise.race([
      asked.then((signal): never => {
        throw new ChildFailure(`Stopped by ${signal}; nothing of this run stays.`);
      }),
      stack.broken.then((how): never => {
        throw new ChildFailure(how);
      }),
    ]);
    const result = await Promise.race([job, interrupted]);
    if (options.json) printJson(onceJson(result));
    else {
      const parts = [mappingText(result.run), leadsText(result.rows)];
      if (result.run.error === null) parts.push(receiptsText(result.receipts), checksText(result));
      else parts.push(`${result.run.error.message}\n${result.run.error.fix ?? ''}`, 'FAIL');
      print(parts.join('\n\n'));
    }
    return result.ok ? 0 : 1;
  } finally {
    await stack?.stop();
    await removeNamespace(redis.url, environment);
    await redis.stop();
    if (options.records === undefined) rmSync(recordsDir, { recursive: true, force: true });
  }
};

/** The stack of a laptop: runs until Ctrl-C, imports the example file, says where everything is. */
export const startForever = async (config: ToolConfig, options: StartOptions): Promise<number> => {
  const { inngest: inngestPort, ...ports } = portsFrom(options.port);
  const taken = await takenPort(ports);
  if (taken !== null) {
    throw new ChildFailure(
      `Port ${taken.port}, which the ${taken.name} needs, is taken by another process. Stop that one (is this stack running already?), or use other ports: npm start -- --port 9080`,
    );
  }
  const programs = await bundlePrograms(config.root);
  const recordsDir = pathIn(config.root, options.data, '.hive-mind');
  const sessionFile = sessionFileIn(recordsDir);
  const redis = await resolveRedis(config.root, {
    noInstall: !options.install,
    purpose: 'start',
    dataRoot: options.data === undefined ? config.root : recordsDir,
  });
  const login: StackUser = {
    principal: { name: 'local-operator', permissions: allPermissions },
    token: token(),
  };
  const inngest = await startInngest({
    root: config.root,
    path: config.environment['PATH'] ?? '',
    port: inngestPort,
    schedulerUrl: urlOf(ports.scheduler),
    recordsDir,
  });
  const settings: StackSettings = {
    root: config.root,
    environment: 'local',
    redisUrl: redis.url,
    ports: portsFrom(options.port),
    secrets: keepStackSecrets(join(recordsDir, 'local', 'secrets.json')),
    users: [login],
    policyFile: pathIn(config.root, options.policy, 'config/policy/local.json'),
    copyPackDir: pathIn(config.root, options.pack, 'config/copy-pack/harbor-pine'),
    deliveryMode: 'sandbox',
    recordsDir,
    inngestUrl: inngest === null ? null : urlOf(inngestPort),
    extra: {},
  };
  let stack: Stack | null = null;
  const asked = whenAsked();
  try {
    stack = await startStack(settings, programs);
    mkdirSync(dirname(sessionFile), { recursive: true });
    writeFileSync(sessionFile, `${JSON.stringify({ url: stack.gatewayUrl, token: login.token })}\n`, {
      mode: 0o600,
    });
    say('NOTHING LEAVES THIS MACHINE: e-mail goes to a provider simulator (delivery mode sandbox).');
    if (inngest === null) {
      say(
        'Inngest is not installed: the scheduled functions pipeline-scan and daily-health-check will not run. To have them: npm install -g inngest-cli',
      );
    }
    const api = createOutreachApi(
      createApiClient({
        baseUrl: stack.gatewayUrl,
        token: login.token,
        correlationId: `start-${randomUUID()}`,
      }),
    );
    const { broken } = stack;
    const ended = Promise.race([asked, broken, redisGone(redis.url)]);
    const example = importExample(config, options, api).catch((error: unknown) => {
      say(`The lead file was not imported: ${error instanceof Error ? error.message : String(error)}`);
    });
    await Promise.race([example, ended]);
    say('');
    say(`The stack is up at ${stack.gatewayUrl}. Press Ctrl-C to stop everything.`);
    say(`Login token of this session: ${login.token}`);
    say('Next: npm run caio -- drafts list   ·   npm run caio -- --help');
    const how = await ended;
    if (how === 'SIGINT' || how === 'SIGTERM') {
      say(`Stopping everything. What is stored stays in ${recordsDir}; npm start goes on from there.`);
      return 0;
    }
    say(how);
    return 1;
  } finally {
    rmSync(sessionFile, { force: true });
    await stack?.stop();
    await inngest?.stop(3_000);
    await redis.stop();
  }
};

const importExample = async (
  config: ToolConfig,
  options: StartOptions,
  api: ReturnType<typeof createOutreachApi>,
): Promise<void> => {
  const input = pathIn(config.root, options.input, 'examples/leads.csv');
  await importExclusions(
    api,
    readExclusionFile(exclusionsFor(config, options)),
    basename(exclusionsFor(config, options)),
  );
  say(`Importing ${input} …`);
  let shown = '';
  const { run, rows } = await runLeadFile(
    api,
    { file: input, strict: options.strict, map: options.map },
    (state) => {
      const line = `  rows read ${state.rowsRead}, decided ${state.rowsDone}`;
      if (line !== shown) say(line);
      shown = line;
    },
  );
  print(`${mappingText(run)}\n${leadsText(rows)}`);
  if (run.error !== null) say(`${run.error.message} ${run.error.fix ?? ''}`);
};

/** Resolves with a sentence once Redis has not answered for a while. */
const redisGone = async (url: string): Promise<string> => {
  const { Redis } = await import('ioredis');
  return new Promise((resolve) => {
    const redis = new Redis(url, { retryStrategy: (attempt) => (attempt > 8 ? null : 250) });
    redis.on('error', () => undefined);
    redis.once('end', () =>
      resolve(
        'Redis is gone, so everything stops; nothing was sent without it. When the prompt is back: npm start',
      ),
    );
  });
};
