import { type ServiceName } from '@caio/contracts';
import { type RunningProcess, startProcess } from '@caio/test-kit';
import type { TestStack } from '../../proofs/testing/running-stack.ts';
import { serviceEnvironment } from '../../stack/stack-settings.ts';

const graceMs = 20_000;

/** Takes services of a running stack away and brings them back, as a deployment does. */
export const switchServices = ({ stack, settings, programs }: TestStack) => {
  const again = new Map<ServiceName, RunningProcess>();
  return {
    stop: async (name: ServiceName): Promise<void> => {
      const later = again.get(name);
      if (later === undefined) await stack.children.find((child) => child.name === name)?.stop(graceMs);
      else await later.stop(graceMs);
    },
    start: async (name: ServiceName): Promise<void> => {
      again.set(
        name,
        await startProcess({
          command: process.execPath,
          args: [programs.get(name) ?? ''],
          env: serviceEnvironment(settings, name),
          readyWhen: (started) => started.stdout().includes('"ready":true'),
        }),
      );
    },
    /** Ends what was brought back; the stack ends the rest. */
    close: async (): Promise<void> => {
      await Promise.all([...again.values()].map((running) => running.stop(graceMs)));
    },
  };
};
