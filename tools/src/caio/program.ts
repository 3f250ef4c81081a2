import { randomUUID } from 'node:crypto';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { ApiError, createApiClient } from '../api/api-client.ts';
import { createOutreachApi, type OutreachApi } from '../api/outreach-api.ts';
import type { ToolConfig } from '../config.ts';
import { addEvidenceCommands } from './commands/evidence-commands.ts';
import { addGateCommands } from './commands/gate-commands.ts';
import { addPipelineCommands } from './commands/pipeline-commands.ts';
import { addBatchCommands, addDraftCommands } from './commands/review-commands.ts';
import { startForever, startOnce, type StartOptions } from './commands/start.ts';

const usageExit = 2;

const portOf = (text: string): number => {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1024 && port <= 65_000) return port;
  throw new InvalidArgumentError('Give a whole number from 1024 to 65000.');
};

const collect = (value: string, before: readonly string[]): string[] => [...before, value];

/** Builds `caio`. Exit codes: 0 done, 1 refused or failed, 2 wrong usage. */
export const createProgram = (config: ToolConfig): Command => {
  const program = new Command('caio')
    .description('The command line of the outreach control plane.')
    .showHelpAfterError('(add --help for what this command takes)')
    .exitOverride();

  const connect = (): OutreachApi => {
    if (config.session === null || config.session.token === '') {
      throw new ApiError(0, {
        code: 'not_logged_in',
        message: 'No gateway and token are known.',
        fix: 'Start the local stack with npm start, or set CAIO_URL and CAIO_TOKEN.',
      });
    }
    const { url, token } = config.session;
    return createOutreachApi(
      createApiClient({ baseUrl: url.replace(/\/+$/, ''), token, correlationId: `caio-${randomUUID()}` }),
    );
  };

  program
    .command('start')
    .description(
      'run the whole stack on this machine; with --once the whole job from a lead file to receipts',
    )
    .option('--once', 'do the whole job in a namespace of its own, check it, clean up and end')
    .option('--input <file>', 'the lead file; without it the example that ships')
    .option('--json', 'with --once: one JSON object on standard output and nothing else there')
    .option('--strict', 'take nothing if one row cannot be read')
    .option('--map <field=Header>', 'name the column of a field; may be given several times', collect, [])
    .option('--pack <folder>', 'copy pack folder; without it config/copy-pack/harbor-pine')
    .option('--policy <file>', 'policy file; without it config/policy/local.json')
    .option(
      '--exclusions <file>',
      'who is not contacted: CSV with key, kind, note; without it the example that ships',
    )
    .option('--records <folder>', 'with --once: keep logs and traces there')
    .option('--port <n>', 'port of the gateway; the other parts take the ones after it', portOf, 8080)
    .option(
      '--data <folder>',
      'where the local stack keeps its store, logs and traces; without it .hive-mind',
    )
    .option('--no-install', 'install nothing to provide Redis')
    .action(
      async (
        options: Omit<StartOptions, 'once' | 'json' | 'strict'> & {
          once?: boolean;
          json?: boolean;
          strict?: boolean;
        },
      ) => {
        const start = {
          ...options,
          once: options.once ?? false,
          json: options.json ?? false,
          strict: options.strict ?? false,
        };
        process.exitCode = start.once ? await startOnce(config, start) : await startForever(config, start);
      },
    );

  addPipelineCommands(program, connect);
  addDraftCommands(program, connect);
  addBatchCommands(program, connect);
  addGateCommands(program, connect);
  addEvidenceCommands(program, connect, config.root);
  const override = (command: Command): void => {
    command.exitOverride();
    command.commands.forEach(override);
  };
  override(program);
  return program;
};

const words = (error: unknown): string => {
  if (error instanceof ApiError)
    return [error.message, error.fix].filter((part) => part !== undefined).join(' ');
  return error instanceof Error ? error.message : String(error);
};

/** Runs one command line and returns its exit code; whatever goes wrong is one clear message on stderr. */
export const runProgram = async (config: ToolConfig, argv: readonly string[]): Promise<number> => {
  try {
    await createProgram(config).parseAsync([...argv], { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      return error.code === 'commander.error' ? error.exitCode : usageExit;
    }
    process.stderr.write(`caio: ${words(error)}\n`);
    return 1;
  }
};
