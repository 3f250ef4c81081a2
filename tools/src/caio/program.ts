import { randomUUID } from 'node:crypto';
import { Command, CommanderError } from 'commander';
import { ApiError, createApiClient } from '../api/api-client.ts';
import { createOutreachApi } from '../api/outreach-api.ts';
import { createPatientClient, realPatience } from '../api/patient-client.ts';
import { dataFolderOf, findSession, type ToolConfig } from '../config.ts';
import { addBatchCommands } from './commands/batch-commands.ts';
import { addCustomerCommands } from './commands/customers-commands.ts';
import { addDraftCommands } from './commands/draft-commands.ts';
import { addEnvCommands } from './commands/env-commands.ts';
import { addEvidenceCommands } from './commands/evidence-commands.ts';
import { addHaltCommands } from './commands/halt-commands.ts';
import { addHeldCommands } from './commands/held-commands.ts';
import { addExclusionCommands, addSuppressionCommands } from './commands/list-commands.ts';
import { addPersonCommand } from './commands/person-command.ts';
import { addSubjectCommands } from './commands/subject-commands.ts';
import { addPipelineCommands, addRunCommands } from './commands/pipeline-commands.ts';
import { addReconcileCommands } from './commands/reconcile-commands.ts';
import { addRampCommands } from './commands/ramp-commands.ts';
import { addStartCommand, startOptionsTakenByNpm } from './commands/start-command.ts';
import { addStatusCommand } from './commands/status-command.ts';
import { addWhatIfCommand } from './commands/what-if-command.ts';
import { haltRefusal, meansToHalt } from './halt-attempt.ts';
import { printJson, printNote } from './output.ts';
import { gaveUpExit, type Refusal, refusalJson, refusalOf, refusalText, wrongUsage } from './refusal.ts';
import type { Shell } from './shell.ts';
import { createTypedCommand, type TypedCommand } from './typed-command.ts';

const usageExit = 2;

/** What the command line ends with; printed by --help and in docs/cli.md. */
export const exitCodes = [
  { code: 0, meaning: 'done' },
  {
    code: 1,
    meaning:
      'refused, failed, or checked and found wanting; the reason is on standard error, or with --json the one object on standard output',
  },
  {
    code: usageExit,
    meaning:
      'wrong usage: an unknown command or option, one that is missing, or a value that is not taken; nothing was done',
  },
  {
    code: gaveUpExit,
    meaning: 'gave up waiting for a system that could not answer; what was started goes on',
  },
] as const;

/** Where to go, as CAIO_URL said it. Throws ApiError when that is no address. */
const addressOf = (url: string): string => {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url.replace(/\/+$/, '');
  throw new ApiError(0, {
    code: 'address_unreadable',
    message: `CAIO_URL is "${url}", which is not the address of a gateway.`,
    fix: 'Set it to something like http://127.0.0.1:8080, or unset it to use the stack on this machine.',
  });
};

/** A token as a header can carry it. */
const tokenOf = (token: string): string => {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new ApiError(0, {
    code: 'token_unreadable',
    message: 'CAIO_TOKEN is empty or has spaces or signs in it that no token has.',
    fix: 'Copy the token again, without quotes and line ends.',
  });
};

/** Builds `caio`. `invocation` is what its reader types in front of a command. */
export const createProgram = (
  config: ToolConfig,
  { invocation = 'npm run caio --', writeErr = (text: string) => printNote(text.trimEnd()) } = {},
): Command => {
  const typed = createTypedCommand(invocation);
  const program = new Command('caio')
    .configureOutput({ writeErr })
    .description('The command line of the outreach control plane.')
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
  const connect: Shell['connect'] = ({ patienceMs, ...options } = {}) => {
    const folder = dataFolder();
    const session = findSession(config, folder);
    if (session === null || session.token === '') {
      const token = config.environment['CAIO_URL'] !== undefined;
      throw new ApiError(0, {
        code: 'not_logged_in',
        message: token
          ? 'CAIO_URL says where to go, and no token says who asks.'
          : `No stack runs on ${folder.path}, and no other gateway and token are known.`,
        fix: token
          ? 'Set CAIO_TOKEN to your token.'
          : 'Start it with npm start, name the folder of a running one with --data, or set CAIO_URL and CAIO_TOKEN.',
      });
    }
    const client = createApiClient({
      ...options,
      baseUrl: addressOf(session.url),
      token: tokenOf(session.token),
      correlationId: `caio-${randomUUID()}`,
    });
    return createOutreachApi(
      patienceMs === undefined ? client : createPatientClient(client, realPatience(patienceMs, printNote)),
    );
  };
  const shell: Shell = { connect, typed };

  addStartCommand(program, config);
  addEnvCommands(program, config.root);
  addPipelineCommands(program, shell);
  addRunCommands(program, shell);
  addDraftCommands(program, shell);
  addBatchCommands(program, shell);
  addHeldCommands(program, shell);
  addHaltCommands(program, config, shell);
  addSuppressionCommands(program, shell);
  addExclusionCommands(program, shell);
  addWhatIfCommand(program, shell);
  addCustomerCommands(program, shell);
  addPersonCommand(program, shell);
  addSubjectCommands(program, shell);
  addReconcileCommands(program, shell);
  addRampCommands(program, shell);
  addStatusCommand(program, shell);
  addEvidenceCommands(program, connect, () => dataFolder().traces);
  const override = (command: Command): void => {
    command.exitOverride();
    command.commands.forEach(override);
  };
  override(program);
  return program;
};

/**
 * Options that npm took for itself because `--` was missing: what ran would be something else than what was typed.
 * npm knows some of the names and hands all of them on in its environment; `tag` is also a setting of its own.
 */
const optionsTakenByNpm = (program: Command, config: ToolConfig, argv: readonly string[]): string[] => {
  const names = new Set<string>();
  const collect = (command: Command): void => {
    for (const { long } of command.options) names.add((long ?? '').replace(/^--(no-)?/, ''));
    command.commands.forEach(collect);
  };
  collect(program);
  return [...names].filter((name) => {
    const value = config.environment[`npm_config_${name.replaceAll('-', '_')}`];
    if (value === undefined || value === '' || value === 'false') return false;
    if (name === 'json' || name === 'dry-run' || name === 'strict') return value === 'true';
    return !['tag', 'install', 'port', 'data'].includes(name) && !argv.includes(`--${name}`);
  });
};

/** The command of a command line as far as it is one, for pointing at its help. */
const commandIn = (program: Command, argv: readonly string[]): string => {
  const path: string[] = [];
  let command: Command | undefined = program;
  for (const word of argv) {
    command = command.commands.find((child) => child.name() === word);
    if (command === undefined) break;
    path.push(word);
  }
  return [...path, '--help'].join(' ');
};

const usageOf = (error: CommanderError, typed: TypedCommand, help: string): Refusal => {
  const exitCode = error.code === 'commander.error' ? error.exitCode : usageExit;
  const [line = '', hint] = error.message.replace(/^error: /, '').split(/\n\((?=Did you mean)/);
  const group = error.code === 'commander.help';
  const said = line
    .replace(/^option '(--[\w-]+)[^']*' argument '(.*?)' is invalid\. /s, '$1 cannot be "$2". ')
    .replace(/^command-argument value '(.*?)' is invalid for argument '\w+'\. /s, '"$1" is not taken. ');
  const sentence = group
    ? 'This is a group of commands; name one of them.'
    : said.replace(/([^.?!])$/, '$1.');
  const message = `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
  const whole = hint === undefined ? message : `${message} ${hint.replace(/\)$/, '')}`;
  return wrongUsage(exitCode, typed(whole), `See what it takes with: ${help}`);
};

/**
 * Runs one command line and returns its exit code. Whatever goes wrong is one clear message on standard error, or
 * with --json one object on standard output and nothing else anywhere.
 */
export const runProgram = async (
  config: ToolConfig,
  argv: readonly string[],
  invocation = 'npm run caio --',
): Promise<number> => {
  const typed = createTypedCommand(invocation);
  const json = argv.includes('--json');
  let written = '';
  const program = createProgram(config, { invocation, writeErr: (text) => (written += text) });
  program.name(invocation);
  const refuse = (refusal: Refusal): number => {
    const said = meansToHalt(argv) ? haltRefusal(refusal, typed) : refusal;
    if (json) printJson(refusalJson(said));
    else printNote(`caio: ${refusalText(said)}`);
    return said.exitCode;
  };

  const starts = argv[0] === 'start';
  const swallowed = starts
    ? [
        ...['dry-run', 'json', 'strict'].filter(
          (name) => config.environment[`npm_config_${name.replace('-', '_')}`] === 'true',
        ),
        ...startOptionsTakenByNpm(config.environment),
      ]
    : optionsTakenByNpm(program, config, argv);
  if (swallowed.length > 0) {
    const options = swallowed.map((name) => `--${name}`).join(', ');
    const right = starts ? 'npm start -- …' : 'npm run caio -- …';
    return refuse(
      wrongUsage(
        usageExit,
        `npm took ${options} for itself, so nothing was done.`,
        `Put -- in front: ${right}`,
      ),
    );
  }
  const help = typed(`caio ${commandIn(program, argv)}`);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (!(error instanceof CommanderError)) return refuse(refusalOf(error, typed, help));
    if (error.exitCode === 0) return 0;
    if (error.code === 'commander.help' && !json) printNote(written.trimEnd());
    return refuse(usageOf(error, typed, help));
  }
};
