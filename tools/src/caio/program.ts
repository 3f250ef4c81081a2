import { randomUUID } from 'node:crypto';
import { Command, CommanderError } from 'commander';
import { z } from 'zod';
import { ApiError, createApiClient } from '../api/api-client.ts';
import { createOutreachApi, type OutreachApi } from '../api/outreach-api.ts';
import type { ToolConfig } from '../config.ts';
import { addEvidenceCommands } from './commands/evidence-commands.ts';
import { addGateCommands } from './commands/gate-commands.ts';
import { addPipelineCommands } from './commands/pipeline-commands.ts';
import { addBatchCommands, addDraftCommands } from './commands/review-commands.ts';
import { startForever, startOnce, type StartOptions } from './commands/start.ts';
import { printNote } from './output.ts';
import { wholeNumber } from './whole-number.ts';

const usageExit = 2;

/** What the command line ends with; printed by --help and in docs/cli.md. */
export const exitCodes = [
  { code: 0, meaning: 'done' },
  { code: 1, meaning: 'refused, failed, or checked and found wanting; the reason is on standard error' },
  { code: usageExit, meaning: 'wrong usage: an unknown command or option, or one that is missing' },
] as const;

const collect = (value: string, before: readonly string[]): string[] => [...before, value];

/** Builds `caio`. */
export const createProgram = (config: ToolConfig): Command => {
  const program = new Command('caio')
    .description('The command line of the outreach control plane.')
    .showHelpAfterError('(add --help for what this command takes)')
    .addHelpText(
      'after',
      `\nExit codes:\n${exitCodes.map(({ code, meaning }) => `  ${code}  ${meaning}`).join('\n')}`,
    )
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
    .option(
      '--port <n>',
      'port of the gateway; the other parts take the ones after it',
      wholeNumber(1_024, 65_000),
      8080,
    )
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
  const swallowed = optionsTakenByNpm.filter((name) => config.environment[`npm_config_${name}`] === 'true');
  if (swallowed.length > 0) {
    const options = swallowed.map((name) => `--${name.replace('_', '-')}`).join(', ');
    printNote(
      `caio: npm took ${options} for itself, so nothing was done. Put -- in front: npm run caio -- …`,
    );
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
