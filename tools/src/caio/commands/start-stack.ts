import { randomBytes, randomUUID } from 'node:crypto';
import { createApiClient } from '../../api/api-client.ts';
import { createOutreachApi, type OutreachApi } from '../../api/outreach-api.ts';
import type { ToolConfig } from '../../config.ts';
import { runLeadFile } from '../../once/lead-file-job.ts';
import { importText, runErrorText } from '../../once/report.ts';
import { bundlePrograms } from '../../stack/bundles.ts';
import { ChildFailure } from '../../stack/child-process.ts';
import { type DataFolder, privateParts } from '../../stack/data-folder.ts';
import { refuseTakenPort } from '../../stack/free-ports.ts';
import { type InngestServer, type InngestStart, startInngest } from '../../stack/inngest.ts';
import { archiveLogs } from '../../stack/log-archive.ts';
import { closeToOthers, makeFilesPrivately } from '../../stack/private-files.ts';
import { resolveRedis } from '../../stack/redis.ts';
import { deliveryModeOf, emergencyStopOf } from '../../stack/own-settings.ts';
import { redisGone } from '../../stack/redis-watch.ts';
import { keepStackSecrets } from '../../stack/secrets.ts';
import { removeSession, writeSession } from '../../stack/session-file.ts';
import { startStack } from '../../stack/stack.ts';
import { takeStackLock } from '../../stack/stack-lock.ts';
import {
  allPermissions,
  portsFrom,
  type StackSettings,
  type StackUser,
  urlOf,
} from '../../stack/stack-settings.ts';
import { type StopSignal, whenAskedToStop } from '../../stack/stop-request.ts';
import { systemErrorCode } from '../../stack/system-error-code.ts';
import { createUndo, type Undo } from '../../stack/undo.ts';
import { print, printNote as say } from '../output.ts';
import { createTypedCommand } from '../typed-command.ts';
import { importExclusions } from './exclusion-file.ts';
import { afterStop, stopText } from './halt-commands.ts';
import { readStartInputs, type StartInputOptions, type StartInputs } from './start-inputs.ts';

export interface StackStartOptions extends StartInputOptions {
  readonly port: number;
  readonly install: boolean;
}

/** Makes the folder this process's own until `undo`. Throws one sentence when it cannot be. */
const takeFolder = (folder: DataFolder, port: number, undo: Undo): void => {
  try {
    const lock = takeStackLock(folder.lockFile, port);
    if (lock.outcome === 'held') {
      const { pid, port: theirs } = lock.holder;
      throw new ChildFailure(
        `A stack runs on ${folder.path} already: process ${pid}, at ${urlOf(theirs)}. End that one, or start another on data of its own: npm start -- --port ${theirs + 1_000} --data DIR`,
      );
    }
    undo.add(lock.release);
    archiveLogs(folder.logs);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === null) throw error;
    throw new ChildFailure(
      `The data folder ${folder.path} cannot be written (${code}). Mend that, or name another: npm start -- --data DIR`,
    );
  }
};

const keyNames = /PSEUDONYM_KEY|AUDIT_SEAL_KEY|UNSUBSCRIBE_SECRET|SERVICE_PRIVATE_KEY|SERVICE_PUBLIC_KEYS/;

/** A service names the variable it was given; on this machine that comes from a file. */
const namingTheKeys = (error: unknown, folder: DataFolder): unknown =>
  error instanceof ChildFailure && keyNames.test(error.message)
    ? new ChildFailure(`${error.message}\nOn this machine these keys are kept in ${folder.secretsFile}.`)
    : error;

const importLeads = async (api: OutreachApi, { lead, exclusions }: StartInputs): Promise<void> => {
  await importExclusions(api, exclusions.rows, exclusions.source);
  say(`Importing ${lead.file} …`);
  let shown = '';
  const { run, rows } = await runLeadFile(api, lead, (state) => {
    const line = `  rows read ${state.rowsRead}, decided ${state.rowsDone}`;
    if (line !== shown) say(line);
    shown = line;
  });
  const text = importText(run, rows, process.stdout.columns);
  if (text !== '') print(text);
  if (run.error === null) return;
  const inPart = Object.entries(run.counts).some(([verdict, count]) => verdict !== 'bad_row' && count > 0);
  say(`The lead file was ${inPart ? 'imported in part' : 'not imported'}: ${runErrorText(run.error)}`);
};

const withoutInngest = (inngest: Exclude<InngestStart, { outcome: 'running' }>): string =>
  `${inngest.outcome === 'absent' ? 'Inngest is not installed' : `Inngest did not start (${inngest.reason})`}: the scheduled functions pipeline-scan and daily-health-check will not run.${inngest.outcome === 'absent' ? ' To have them: npm install -g inngest-cli' : ''}`;

/** Says what the dev server runs once it knows, and that it ended when nobody asked it to. */
const tellOfInngest = async (server: InngestServer): Promise<void> => {
  void server.lost.then((how) => {
    say(`${how}: the scheduled functions run no more until the next npm start.`);
  });
  const functions = await server.whenRegistered();
  say(
    functions.length > 0
      ? `The Inngest dev server at ${server.url} runs ${functions.join(' and ')}.`
      : `The Inngest dev server at ${server.url} has no functions: it did not get them from the scheduler.`,
  );
};

const whereMailGoes = {
  sandbox: 'e-mail goes to a provider simulator',
  'log-only': 'e-mail is kept as it would have been sent, for caio evidence, and goes nowhere',
} as const;

/** Starts everything in its order; `undo` learns how to end each part as soon as it runs. */
const bringUp = async (
  config: ToolConfig,
  folder: DataFolder,
  options: StackStartOptions,
  {
    inputs,
    deliveryMode,
    undo,
    asked,
  }: {
    inputs: StartInputs;
    deliveryMode: StackSettings['deliveryMode'];
    undo: Undo;
    asked: Promise<StopSignal>;
  },
) => {
  const ports = portsFrom(options.port);
  const secrets = keepStackSecrets(folder);
  const programs = await bundlePrograms(config.root, () => say('Preparing the services …'));
  const redis = await Promise.race([
    resolveRedis(config.root, { noInstall: !options.install, purpose: 'start', dataDir: folder.redis }),
    asked,
  ]);
  if (typeof redis === 'string') return redis;
  undo.add(redis.stop);
  // Not before: what provides a Redis may install a package for everybody.
  makeFilesPrivately();
  closeToOthers(privateParts(folder));
  const inngest = await startInngest({
    root: config.root,
    path: config.environment['PATH'] ?? '',
    port: ports.inngest,
    schedulerUrl: urlOf(ports.scheduler),
    recordsDir: folder.path,
    logsDir: folder.logs,
  });
  if (inngest.outcome === 'running') undo.add(inngest.server.stop);
  const login: StackUser = {
    principal: { name: 'local-operator', permissions: allPermissions },
    token: randomBytes(24).toString('base64url'),
  };
  const settings: StackSettings = {
    root: config.root,
    environment: 'local',
    redisUrl: redis.url,
    ports,
    secrets,
    users: [login],
    policyFile: inputs.policyFile,
    copyPackDir: inputs.copyPackDir,
    deliveryMode,
    recordsDir: folder.path,
    inngestUrl: inngest.outcome === 'running' ? inngest.server.url : null,
    extra: emergencyStopOf(config.environment),
  };
  const stack = await startStack(settings, programs);
  undo.add(stack.stop);
  const session = { url: stack.gatewayUrl, token: login.token };
  writeSession(folder.sessionFile, session);
  undo.add(() => removeSession(folder.sessionFile, session));
  return { stack, session, redisUrl: redis.url, inngest };
};

/**
 * The stack of a laptop: imports the lead file, says where everything is, and runs until it is asked to stop or a
 * part ends. One stack works in a data folder. Returns the exit code.
 */
export const startStackAndStay = async (
  config: ToolConfig,
  folder: DataFolder,
  options: StackStartOptions,
): Promise<number> => {
  const inputs = readStartInputs(config, options);
  const deliveryMode = deliveryModeOf(config.environment);
  const asked = whenAskedToStop();
  const undo = createUndo();
  try {
    takeFolder(folder, options.port, undo);
    await refuseTakenPort(portsFrom(options.port));
    const up = await bringUp(config, folder, options, { inputs, deliveryMode, undo, asked }).catch(
      (error: unknown) => {
        throw namingTheKeys(error, folder);
      },
    );
    if (typeof up === 'string') return 0;
    const { stack, session, redisUrl, inngest } = up;
    say(`NOTHING LEAVES THIS MACHINE: ${whereMailGoes[deliveryMode]} (delivery mode ${deliveryMode}).`);
    if (inngest.outcome !== 'running') say(withoutInngest(inngest));
    const scheduled = inngest.outcome === 'running' ? tellOfInngest(inngest.server) : null;
    const api = createOutreachApi(
      createApiClient({
        baseUrl: session.url,
        token: session.token,
        correlationId: `start-${randomUUID()}`,
      }),
    );
    const ended = Promise.race([
      asked.then(() => null),
      stack.broken,
      redisGone(redisUrl).then(
        () =>
          'Redis is gone, so everything stops; nothing was sent without it. When the prompt is back: npm start',
      ),
    ]);
    const imported = importLeads(api, inputs).then(
      () => 'imported' as const,
      (error: unknown) => {
        say(`The lead file was not imported: ${error instanceof Error ? error.message : String(error)}`);
        return 'imported' as const;
      },
    );
    // Asked before the stack is said to be up: what ends it from then on ends it with its own sentence.
    const ready = Promise.all([imported, scheduled]).then(() =>
      api.halt().then(
        ({ halt }) => ({ halt }),
        () => ({ halt: null }),
      ),
    );
    const standing = await Promise.race([ready, ended.then(() => null)]);
    if (standing !== null) {
      say('');
      say(`The stack is up at ${session.url}. Press Ctrl-C to stop everything.`);
      say(`Login token of this session: ${session.token}`);
      say(`Review, send and stop in the browser: ${session.url}/sales (log in with this token)`);
      if (standing.halt?.active === true) {
        say(stopText(standing.halt));
        say(createTypedCommand('npm run caio --')(afterStop(standing.halt)));
      }
      say('Next: npm run caio -- drafts list   ·   npm run caio -- --help');
    }
    const how = await ended;
    say(how ?? `Stopping everything. What is stored stays in ${folder.path}; npm start goes on from there.`);
    return how === null ? 0 : 1;
  } finally {
    await undo.run();
  }
};
