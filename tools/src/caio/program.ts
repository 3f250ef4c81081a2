import { randomUUID } from 'node:crypto';
import { Command, CommanderError } from 'commander';
import { z } from 'zod';
import { ApiError, createApiClient } from '../api/api-client.ts';
import { createOutreachApi, type OutreachApi } from '../api/outreach-api.ts';
import { dataFolderOf, findSession, type ToolConfig } from '../config.ts';
import { addEnvCommands } from './commands/env-commands.ts';
import { addEvidenceCommands } from './commands/evidence-commands.ts';
import { addGateCommands } from './commands/gate-commands.ts';
import { addPipelineCommands } from './commands/pipeline-commands.ts';
import { addBatchCommands, addDraftCommands } from './commands/review-commands.ts';
import { addStartCommand, startOptionsTakenByNpm } from './commands/start-command.ts';
import { printNote } from './output.ts';

const usageExit = 2;

/** What the command line ends with; printed by --help and in docs/cli.md. */
export const exitCodes = [
  { code: 0, meaning: 'done' },
  { code: 1, meaning: 'refused, failed, or checked and found wanting; the reason is on standard error' },
  { code: usageExit, meaning: 'wrong usage: an unknown command or option, or one that is missing' },
] as const;

/** Builds `caio`. */
export const createProgram = (config: ToolConfig): Command => {
  const program = new Command('caio')
    .description('The command line of the outreach control plane.')
    .showHelpAfterError('(add --help for what this command takes)')
    .addHelpText(
      'after',
      `\nExit codes:\n${exitCodes.map(({ code, meaning }) => `  ${code}  ${meaning}`).join('\n')}`,
    )
    .option(
      '--data <folder>',
      'where the local stack keeps its store, keys, logs and traces; without it CAIO_DATA, else .hive-mind',
    )
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();

  const dataFolder = () => dataFolderOf(config, program.opts<{ data?: string }>().data);
  const connect = (): OutreachApi => {
    const folder = dataFolder();
    const session = findSession(config, folder);
    if (session === null || session.token === '') {
      throw new ApiError(0, {
        code: 'not_logged_in',
        message: `No stack runs on ${folder.path}, and no other gateway and token are known.`,
        fix: 'Start it with npm start, name the folder of a running one with --data, or set CAIO_URL and CAIO_TOKEN.',
      });
    }
    const { url, token } = session;
    return createOutreachApi(
      createApiClient({ baseUrl: url.replace(/\/+$/, ''), token, correlationId: `caio-${randomUUID()}` }),
    );
  };

  addStartCommand(program, config);
  addEnvCommands(program, config.root);
  addPipelineCommands(program, connect);
  addDraftCommands(program, connect);
  addBatchCommands(program, connect);
  addGateCommands(program, connect);
  addEvidenceCommands(program, connect, () => dataFolder().traces);
  const override = (command: Command): void => {
    command.exitOverride();
    command.commands.forEach(override);
  };
  override(program);
  return program;
};

const leftOutSchema = z.array(z.object({ email: z.string(), reason: z.string() }));

/** Who was held back from a batch, when that is why there is none. */
const leftOutLines = (error: ApiError): string[] => {
  const leftOut = leftOutSchema.safeParse(error.details['leftOut']);
  return leftOut.success ? leftOut.data.map(({ email, reason }) => `  left out: ${email} (${reason})`) : [];
};

const words = (error: unknown): string => {
  if (error instanceof ApiError) {
    const sentence = [error.message, error.fix].filter((part) => part !== undefined).join(' ');
    const trail = error.status >= 500 ? ` (correlation id ${error.correlationId ?? 'none'})` : '';
    return [`${sentence}${trail}`, ...leftOutLines(error)].join('\n');
  }
  return error instanceof Error ? error.message : String(error);
};

/** Options of ours that npm also knows: without `--` in front it takes them, and a dry run would become a real one. */
const optionsTakenByNpm = ['dry_run', 'json', 'strict'] as const;

/** Runs one command line and returns its exit code; whatever goes wrong is one clear message on stderr. */
export const runProgram = async (config: ToolConfig, argv: readonly string[]): Promise<number> => {
  const starts = argv[0] === 'start';
  const swallowed = [
    ...optionsTakenByNpm.filter((name) => config.environment[`npm_config_${name}`] === 'true'),
    ...(starts ? startOptionsTakenByNpm(config.environment) : []),
  ];
  if (swallowed.length > 0) {
    const options = swallowed.map((name) => `--${name.replace('_', '-')}`).join(', ');
    const right = starts ? 'npm start -- …' : 'npm run caio -- …';
    printNote(`caio: npm took ${options} for itself, so nothing was done. Put -- in front: ${right}`);
    return usageExit;
  }
  try {
    await createProgram(config).parseAsync([...argv], { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      return error.code === 'commander.error' ? error.exitCode : usageExit;
    }
    printNote(`caio: ${words(error)}`);
    return 1;
  }
};
