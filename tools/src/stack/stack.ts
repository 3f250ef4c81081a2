import { join } from 'node:path';
import { type ServiceName, serviceNameSchema } from '@caio/contracts';
import { type Child, ChildFailure, isServiceReady, startChild } from './child-process.ts';
import { serviceEnvironment, type StackSettings, urlOf } from './stack-settings.ts';

// A laptop has other things to do with its memory; the services need far less than they would take. glibc, once it
// has freed a large block, keeps that much for good unless it is told not to.
const nodeFlags = ['--max-old-space-size=220', '--max-semi-space-size=2'];
const frugal = { MALLOC_TRIM_THRESHOLD_: '131072' };
const readyMs = 20_000;
const stopMs = 8_000;

export interface Stack {
  readonly gatewayUrl: string;
  readonly simulatorUrl: string;
  readonly children: readonly Child[];
  /** Resolves with a sentence when a part ends that was not asked to. */
  readonly broken: Promise<string>;
  /** Ends one service the way a crash does, and starts it again as it was; resolves when it is ready. */
  readonly crash: (name: ServiceName) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/**
 * Starts the provider simulator and the four services as processes of their own. When one fails, the others are
 * ended and its own words are thrown.
 */
export const startStack = async (
  settings: StackSettings,
  programs: ReadonlyMap<string, string>,
): Promise<Stack> => {
  const children: Child[] = [];
  /** Those that were asked to end. */
  const ending = new Set<Child>();
  let stopping = false;
  let breakWith = (_how: string): void => undefined;
  const broken = new Promise<string>((resolve) => {
    breakWith = resolve;
  });
  const watch = async (child: Child): Promise<void> => {
    const how = await child.ended;
    if (ending.has(child)) return;
    const logs = join(settings.recordsDir, 'logs');
    breakWith(stopping ? 'stopped' : `${how}. The rest of the stack was stopped. Logs: ${logs}.`);
  };
  const start = async (name: string, environment: Record<string, string>): Promise<void> => {
    const program = programs.get(name);
    if (program === undefined)
      throw new ChildFailure(`${name} is not in this tree, so there is nothing to start.`);
    const child = await startChild({
      name,
      command: process.execPath,
      args: [...nodeFlags, program],
      environment: { ...frugal, ...environment },
      logFile: join(settings.recordsDir, 'logs', `${name}.log`),
      ready: { line: isServiceReady },
      readyMs,
    });
    children.push(child);
  };
  const stop = async (): Promise<void> => {
    stopping = true;
    // The door first, then the workers, then the provider they talk to.
    const order = ['gateway', 'webhooks', 'scheduler', 'gatekeeper', 'provider-simulator'];
    for (const name of order) {
      await Promise.all(children.filter((child) => child.name === name).map((child) => child.stop(stopMs)));
    }
  };
  const simulatorEnvironment = {
    HOST: '127.0.0.1',
    PORT: String(settings.ports.simulator),
    SIMULATOR_API_KEY: settings.secrets.sandboxApiKey,
    SIMULATOR_LOG_FILE: join(settings.recordsDir, 'provider-simulator.jsonl'),
    CAIO_PARENT_PID: String(process.pid),
  };
  const starts = await Promise.allSettled([
    start('provider-simulator', simulatorEnvironment),
    ...serviceNameSchema.options.map((name: ServiceName) => start(name, serviceEnvironment(settings, name))),
  ]);
  const failed = starts.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  children.forEach((child) => void watch(child));
  return {
    gatewayUrl: urlOf(settings.ports.gateway),
    simulatorUrl: urlOf(settings.ports.simulator),
    children,
    broken,
    crash: async (name) => {
      const child = children.find((one) => one.name === name);
      if (child === undefined) throw new Error(`${name} does not run`);
      ending.add(child);
      child.signal('SIGKILL');
      await child.ended;
      children.splice(children.indexOf(child), 1);
      await start(name, serviceEnvironment(settings, name));
      const again = children.at(-1);
      if (again !== undefined) void watch(again);
    },
    stop,
  };
};
