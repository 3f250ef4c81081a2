import type { Permission } from '@caio/contracts';
import { createOutreachApi } from '../../api/outreach-api.ts';
import type { ToolConfig } from '../../config.ts';
import { onOwnStack, stackUser } from '../../once/own-stack.ts';
import { onceJson, onceText, runErrorText } from '../../once/report.ts';
import { runOnce } from '../../once/run-once.ts';
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

/** The whole job without a person, in a namespace of its own that is removed afterwards. Returns the exit code. */
export const startOnce = async (config: ToolConfig, options: OnceStartOptions): Promise<number> => {
  const inputs = readStartInputs(config, options);
  if (config.environment['DELIVERY_MODE_EMAIL'] !== undefined)
    printNote('DELIVERY_MODE_EMAIL has no meaning with --once, which always sends to the simulator.');
  const reviewer = stackUser('demo-reviewer', reviewerPermissions);
  const operator = stackUser('demo-operator', operatorPermissions);
  const result = await onOwnStack(
    {
      ...{ root: config.root, purpose: 'once', users: [reviewer, operator] },
      ...{ policyFile: inputs.policyFile, copyPackDir: inputs.copyPackDir },
      ...{ install: options.install, port: options.port, say: printNote },
      recordsDir: options.records === undefined ? null : pathGiven(options.records),
    },
    async ({ stack, redisUrl, environment, clientOf }) => {
      printNote(`Four services, a provider simulator and Redis are up. Lead file: ${inputs.lead.file}`);
      const { rows, source } = inputs.exclusions;
      await importExclusions(createOutreachApi(clientOf(operator)), rows, source);
      return runOnce({
        ...{ lead: inputs.lead, redisUrl, environment, say: printNote },
        reviewer: clientOf(reviewer),
        operator: clientOf(operator),
        simulatorUrl: stack.simulatorUrl,
      });
    },
  );
  if (options.json) printJson(onceJson(result));
  else {
    if (result.run.error !== null) printNote(`caio: ${runErrorText(result.run.error)}`);
    print(onceText(result, process.stdout.columns));
  }
  return result.ok ? 0 : 1;
};
