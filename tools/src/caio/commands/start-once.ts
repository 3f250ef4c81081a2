import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Permission } from '@caio/contracts';
import { createApiClient } from '../../api/api-client.ts';
import { createOutreachApi } from '../../api/outreach-api.ts';
import type { ToolConfig } from '../../config.ts';
import { removeNamespace } from '../../once/namespace.ts';
import { onceJson, onceText, runErrorText } from '../../once/report.ts';
import { runOnce } from '../../once/run-once.ts';
import { bundlePrograms } from '../../stack/bundles.ts';
import { ChildFailure } from '../../stack/child-process.ts';
import { freePorts, refuseTakenPort } from '../../stack/free-ports.ts';
import { archiveLogs } from '../../stack/log-archive.ts';
import { makeFilesPrivately } from '../../stack/private-files.ts';
import { resolveRedis } from '../../stack/redis.ts';
import { createStackSecrets } from '../../stack/secrets.ts';
import { startStack } from '../../stack/stack.ts';
import { portsFrom, type StackSettings, type StackUser } from '../../stack/stack-settings.ts';
import { whenAskedToStop } from '../../stack/stop-request.ts';
import { createUndo } from '../../stack/undo.ts';
import { print, printJson, printNote } from '../output.ts';
import { importExclusions } from './exclusion-file.ts';
import { pathGiven, readStartInputs, type StartInputOptions } from './start-inputs.ts';

export interface OnceStartOptions extends StartInputOptions {
  readonly json: boolean;
  readonly install: boolean;
  readonly records?: string;
  /** Of the gateway; null takes free ports. */
  readonly port: number | null;
}

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

const userNamed = (name: string, permissions: Permission[]): StackUser => ({
  principal: { name, permissions },
  token: randomBytes(24).toString('base64url'),
});

/** The whole job without a person, in a namespace of its own that is removed afterwards. Returns the exit code. */
export const startOnce = async (config: ToolConfig, options: OnceStartOptions): Promise<number> => {
  const inputs = readStartInputs(config, options);
  const asked = whenAskedToStop().then((signal): never => {
    throw new ChildFailure(`Stopped by ${signal}; nothing of this run stays.`);
  });
  asked.catch(() => undefined);
  const ports = options.port === null ? await freePorts() : portsFrom(options.port);
  await refuseTakenPort(ports);
  if (config.environment['DELIVERY_MODE_EMAIL'] !== undefined)
    printNote('DELIVERY_MODE_EMAIL has no meaning with --once, which always sends to the simulator.');
  const programs = await Promise.race([
    bundlePrograms(config.root, () => printNote('Preparing the services …')),
    asked,
  ]);
  const recordsDir =
    options.records === undefined ? mkdtempSync(join(tmpdir(), 'caio-once-')) : pathGiven(options.records);
  const reviewer = userNamed('demo-reviewer', reviewerPermissions);
  const operator = userNamed('demo-operator', operatorPermissions);
  const environment = `test-once-${randomBytes(6).toString('hex')}`;
  const undo = createUndo();
  if (options.records === undefined) undo.add(() => rmSync(recordsDir, { recursive: true, force: true }));
  try {
    archiveLogs(join(recordsDir, 'logs'));
    const redis = await Promise.race([
      resolveRedis(config.root, { noInstall: !options.install, purpose: 'check' }),
      asked,
    ]);
    undo.add(redis.stop);
    makeFilesPrivately();
    undo.add(() => removeNamespace(redis.url, environment));
    const settings: StackSettings = {
      root: config.root,
      environment,
      redisUrl: redis.url,
      ports,
      secrets: createStackSecrets(),
      users: [reviewer, operator],
      policyFile: inputs.policyFile,
      copyPackDir: inputs.copyPackDir,
      deliveryMode: 'sandbox',
      recordsDir,
      inngestUrl: null,
      extra: {},
    };
    const stack = await startStack(settings, programs);
    undo.add(stack.stop);
    const correlationId = `once-${randomUUID()}`;
    const clientOf = ({ token }: StackUser) =>
      createApiClient({ baseUrl: stack.gatewayUrl, token, correlationId });
    printNote(`Four services, a provider simulator and Redis are up. Lead file: ${inputs.lead.file}`);
    const job = async () => {
      const { rows, source } = inputs.exclusions;
      await importExclusions(createOutreachApi(clientOf(operator)), rows, source);
      return runOnce({
        lead: inputs.lead,
        reviewer: clientOf(reviewer),
        operator: clientOf(operator),
        simulatorUrl: stack.simulatorUrl,
        redisUrl: redis.url,
        environment,
        say: printNote,
      });
    };
    const broken = stack.broken.then((how): never => {
      throw new ChildFailure(how);
    });
    const result = await Promise.race([job(), asked, broken]);
    if (options.json) printJson(onceJson(result));
    else {
      if (result.run.error !== null) printNote(`caio: ${runErrorText(result.run.error)}`);
      print(onceText(result, process.stdout.columns));
    }
    return result.ok ? 0 : 1;
  } finally {
    await undo.run();
  }
};
